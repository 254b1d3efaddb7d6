package org.denseflow.matcher.guided;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.denseflow.graph.ConvolutionLayers;
import org.denseflow.graph.NativeArrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The matching network F(·; W_M) of Guided Semantic Flow, Eq. 9: where a cell's match lies, seen
 * from where it is guided to. The paper leaves its form open. Our choice: it sees the modulated
 * volume C' (Eq. 8) in a window around the guided position, so that it takes grids of any size, and
 * its residual is a soft argmax over that window of {@code beta · C'} plus what two 3x3
 * convolutions over the source grid add; they add nothing at first.
 *
 * <p>The trainable variables are {@code matching.<layer>.weight} and {@code .bias}.
 */
final class MatchingNetwork {
  /** As long as the window has places. */
  static final String LAST_BIAS = "matching.decode.bias";

  /** As long as the first layer is wide. */
  static final String FIRST_BIAS = "matching.encode.bias";

  private static final int KERNEL = 3;

  private final SameDiff graph;
  private final Window window;
  private final ConvolutionLayers layers;

  /**
   * What the network sees.
   *
   * @param radius of the window, in target cells
   * @param sigma c_M of Eq. 8, in cells of a 20-cell grid
   * @param beta temperature of the soft argmax
   */
  record Window(int radius, double sigma, double beta) {
    int side() {
      return 2 * radius + 1;
    }

    int places() {
      return side() * side();
    }

    int x(int place) {
      return place % side() - radius;
    }

    int y(int place) {
      return place / side() - radius;
    }

    /** Eq. 8: how much each place's correlation counts, on a target grid of this size. */
    double[] modulation(int width, int height) {
      double sigmaX = sigma * width / 20;
      double sigmaY = sigma * height / 20;
      double[] weights = new double[places()];

      for (int k = 0; k < weights.length; k++) {
        double x = x(k) / sigmaX;
        double y = y(k) / sigmaY;
        weights[k] = Math.exp(-(x * x + y * y) / 2);
      }

      return weights;
    }
  }

  /**
   * Adds the parameters to a graph.
   *
   * @param channels between the two convolutions
   */
  MatchingNetwork(SameDiff graph, int channels, Window window, DataType type, long seed) {
    this.graph = graph;
    this.window = window;
    this.layers = new ConvolutionLayers(graph, "matching.", type);
    layers.add("encode", KERNEL, window.places(), channels, new Random(seed));
    layers.add("decode", KERNEL, channels, window.places(), null);
  }

  /** All tensors with their shapes. */
  static Map<String, int[]> tensors(int channels, int places) {
    Map<String, int[]> tensors = new LinkedHashMap<>();
    tensors.put("matching.encode.weight", new int[] {KERNEL, KERNEL, places, channels});
    tensors.put(FIRST_BIAS, new int[] {channels});
    tensors.put("matching.decode.weight", new int[] {KERNEL, KERNEL, channels, places});
    tensors.put(LAST_BIAS, new int[] {places});
    return tensors;
  }

  /**
   * The residual displacements.
   *
   * @param modulated {@code [n, h, w, places]}
   * @return {@code [n · h · w, 2]}, (x, y) in target cells
   */
  SDVariable residual(SDVariable modulated) {
    SDVariable encoded = graph.nn().relu(layers.convolve("encode", modulated, 1), 0);
    SDVariable logits = modulated.mul(window.beta()).add(layers.convolve("decode", encoded, 1));
    SDVariable weights = graph.nn().softmax(logits.reshape(-1, window.places()), 1);
    return graph.mmul(weights, offsets(modulated.dataType()));
  }

  private SDVariable offsets(DataType type) {
    double[][] offsets = new double[window.places()][];

    for (int k = 0; k < offsets.length; k++) {
      offsets[k] = new double[] {window.x(k), window.y(k)};
    }

    return graph.constant(NativeArrays.cast(Nd4j.createFromArray(offsets), type));
  }

  /** Sets the parameters. */
  void load(Map<String, INDArray> tensors) {
    layers.load(tensors);
  }
}
