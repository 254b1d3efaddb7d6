package org.denseflow.matcher.guided;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.training.GridSize;
import org.denseflow.training.Upsampling;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.factory.Nd4j;

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

  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";
  private static final float SUPPORT_GAIN = 10;
  private static final float SUPPORT_THRESHOLD = 0.7f;

  private final SameDiff graph;
  private final GridSize grid;
  private final int channels;
  private final Map<String, SDVariable> variables = new LinkedHashMap<>();

  /**
   * Adds the parameters to a graph.
   *
   * @param channels of the first layer, twice as many in the second
   * @param grid the source grid
   */
  PruningNetwork(SameDiff graph, int channels, GridSize grid, DataType type, long seed) {
    this.graph = graph;
    this.grid = grid;
    this.channels = channels;
    Random random = new Random(seed);
    convolution("encode1", 5, INPUTS, channels, random, type);
    convolution("encode2", 3, channels, 2 * channels, random, type);
    convolution("decode1", 3, 2 * channels, channels, random, type);
    convolution("decode2", 3, channels, 1, null, type);
    variable("evidence" + WEIGHT, new float[] {0, SUPPORT_GAIN, 0}, type, INPUTS, 1);
    variable("evidence" + BIAS, new float[] {-SUPPORT_GAIN * SUPPORT_THRESHOLD}, type, 1);
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
      tensors.put("pruning." + layers.get(i) + WEIGHT, shape);
      tensors.put("pruning." + layers.get(i) + BIAS, new int[] {shape[shape.length - 1]});
    }

    return tensors;
  }

  private void convolution(String name, int kernel, int in, int out, Random random, DataType type) {
    float[] weights = new float[kernel * kernel * in * out];
    double bound = Math.sqrt(6.0 / (kernel * kernel * in));

    for (int i = 0; random != null && i < weights.length; i++) {
      weights[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }

    variable(name + WEIGHT, weights, type, kernel, kernel, in, out);
    variable(name + BIAS, new float[out], type, out);
  }

  private void variable(String name, float[] values, DataType type, long... shape) {
    INDArray array = Nd4j.createFromArray(values).reshape('c', shape).castTo(type);
    variables.put(name, graph.var("pruning." + name, array));
  }

  /**
   * How far to trust each match, before the sigmoid.
   *
   * @param input {@code [n, h, w, 3]}
   * @return {@code [n, h, w, 1]}
   */
  SDVariable logits(SDVariable input) {
    GridSize half = halved(grid);
    GridSize quarter = halved(half);
    SDVariable encoded = graph.nn().relu(convolve("encode1", input, 2), 0);
    SDVariable deep = graph.nn().relu(convolve("encode2", encoded, 2), 0);
    SDVariable back = Upsampling.apply(deep, 2 * channels, quarter, half, Upsampling.Corners.EDGES);
    SDVariable joined = graph.nn().relu(convolve("decode1", back, 1).add(encoded), 0);
    SDVariable correction =
        Upsampling.apply(convolve("decode2", joined, 1), 1, half, grid, Upsampling.Corners.EDGES);
    SDVariable evidence =
        graph
            .mmul(input.reshape(-1, INPUTS), variables.get("evidence" + WEIGHT))
            .add(variables.get("evidence" + BIAS));
    return grid.unflatten(evidence, 1).add(correction);
  }

  private SDVariable convolve(String name, SDVariable x, int stride) {
    SDVariable weight = variables.get(name + WEIGHT);
    int kernel = (int) weight.getArr().size(0);
    Conv2DConfig config =
        Conv2DConfig.builder()
            .kH(kernel)
            .kW(kernel)
            .sH(stride)
            .sW(stride)
            .paddingMode(PaddingMode.SAME)
            .dataFormat("NHWC")
            .build();
    return graph.cnn().conv2d(x, weight, variables.get(name + BIAS), config);
  }

  private static GridSize halved(GridSize grid) {
    return new GridSize((grid.height() + 1) / 2, (grid.width() + 1) / 2);
  }

  /** Sets the parameters. */
  void load(Map<String, INDArray> tensors) {
    variables.values().forEach(v -> v.getArr().assign(tensors.get(v.name())));
  }
}
