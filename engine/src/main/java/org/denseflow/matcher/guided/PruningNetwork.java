package org.denseflow.matcher.guided;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.geometry.Size;
import org.denseflow.graph.ConvolutionLayers;
import org.denseflow.graph.GridCells;
import org.denseflow.graph.Upsampling;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The pruning network F(·; W_P) of Guided Semantic Flow, Eq. 5: an encoder-decoder that says how
 * far to trust each match. The paper leaves its dimension and widths open. Our choice: it is
 * two-dimensional, over the source grid, and sees the matches of one displacement at a time ({@link
 * org.denseflow.correlation.Displacements}), all displacements with the same parameters. So it
 * finds matches that move together, takes grids of any size, and has few parameters. Two strides of
 * 2 let it see most of the grid; bilinear up-sampling brings what it finds back. Beside that its
 * input goes straight to the output, weighted so that an untrained network is {@code sigmoid(10
 * (support - 0.7))}.
 *
 * <p>The trainable variables are {@code pruning.<layer>.weight} and {@code .bias}.
 */
final class PruningNetwork {
  /** Channels of the input: mutual consistency Q, its local support, 1 inside the target grid. */
  static final int INPUTS = 3;

  /** As long as the first layer is wide. */
  static final String FIRST_BIAS = "pruning.encode1.bias";

  private static final String EVIDENCE_WEIGHT = "evidence" + ConvolutionLayers.WEIGHT;
  private static final String EVIDENCE_BIAS = "evidence" + ConvolutionLayers.BIAS;
  private static final float SUPPORT_GAIN = 10;
  private static final float SUPPORT_THRESHOLD = 0.7f;

  private final SameDiff graph;
  private final Size grid;
  private final int channels;
  private final ConvolutionLayers layers;

  /**
   * Adds the parameters to a graph.
   *
   * @param channels of the first layer, twice as many in the second
   * @param grid the source grid
   */
  PruningNetwork(SameDiff graph, int channels, Size grid, DataType type, long seed) {
    this.graph = graph;
    this.grid = grid;
    this.channels = channels;
    this.layers = new ConvolutionLayers(graph, "pruning.", type);
    Random random = new Random(seed);
    layers.add("encode1", 5, INPUTS, channels, random);
    layers.add("encode2", 3, channels, 2 * channels, random);
    layers.add("decode1", 3, 2 * channels, channels, random);
    layers.add("decode2", 3, channels, 1, null);
    layers.add(EVIDENCE_WEIGHT, new float[] {0, SUPPORT_GAIN, 0}, INPUTS, 1);
    layers.add(EVIDENCE_BIAS, new float[] {-SUPPORT_GAIN * SUPPORT_THRESHOLD}, 1);
  }

  /** All tensors with their shapes. */
  static Map<String, int[]> tensors(int channels) {
    Map<String, int[]> tensors = new LinkedHashMap<>();
    List<int[]> shapes =
        List.of(
            new int[] {5, 5, INPUTS, channels},
            new int[] {3, 3, channels, 2 * channels},
            new int[] {3, 3, 2 * channels, channels},
            new int[] {3, 3, channels, 1},
            new int[] {INPUTS, 1});
    List<String> layers = List.of("encode1", "encode2", "decode1", "decode2", "evidence");

    for (int i = 0; i < layers.size(); i++) {
      int[] shape = shapes.get(i);
      String layer = "pruning." + layers.get(i);
      tensors.put(layer + ConvolutionLayers.WEIGHT, shape);
      tensors.put(layer + ConvolutionLayers.BIAS, new int[] {shape[shape.length - 1]});
    }

    return tensors;
  }

  /**
   * How far to trust each match, before the sigmoid.
   *
   * @param input {@code [n, h, w, 3]}
   * @return {@code [n, h, w, 1]}
   */
  SDVariable logits(SDVariable input) {
    Size half = grid.halved();
    Size quarter = half.halved();
    SDVariable encoded = graph.nn().relu(layers.convolve("encode1", input, 2), 0);
    SDVariable deep = graph.nn().relu(layers.convolve("encode2", encoded, 2), 0);
    SDVariable back = Upsampling.apply(deep, 2 * channels, quarter, half, Upsampling.Corners.EDGES);
    SDVariable joined = graph.nn().relu(layers.convolve("decode1", back, 1).add(encoded), 0);
    SDVariable correction =
        Upsampling.apply(
            layers.convolve("decode2", joined, 1), 1, half, grid, Upsampling.Corners.EDGES);
    SDVariable evidence =
        graph
            .mmul(input.reshape(-1, INPUTS), layers.get(EVIDENCE_WEIGHT))
            .add(layers.get(EVIDENCE_BIAS));
    return GridCells.unflatten(evidence, grid, 1).add(correction);
  }

  /** Sets the parameters. */
  void load(Map<String, INDArray> tensors) {
    layers.load(tensors);
  }
}
