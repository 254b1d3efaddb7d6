package org.denseflow.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The parameters of a network of convolutions: the trainable variables {@code
 * <prefix><layer>.weight} {@code [kH, kW, in, out]} and {@code .bias} {@code [out]}.
 */
public final class ConvolutionLayers {
  /** Ends the name of a layer's kernel. */
  public static final String WEIGHT = ".weight";

  /** Ends the name of a layer's bias. */
  public static final String BIAS = ".bias";

  private final SameDiff graph;
  private final String prefix;
  private final DataType type;
  private final Map<String, SDVariable> variables = new LinkedHashMap<>();

  /**
   * Starts without layers.
   *
   * @param prefix of all names
   */
  public ConvolutionLayers(SameDiff graph, String prefix, DataType type) {
    this.graph = graph;
    this.prefix = prefix;
    this.type = type;
  }

  /**
   * Adds a layer with a bias of 0.
   *
   * @param random for weights as of He et al.; null for 0
   */
  public void add(String layer, int kernel, int in, int out, Random random) {
    float[] weights = new float[kernel * kernel * in * out];
    double bound = Math.sqrt(6.0 / (kernel * kernel * in));

    for (int i = 0; random != null && i < weights.length; i++) {
      weights[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }

    add(layer + WEIGHT, weights, kernel, kernel, in, out);
    add(layer + BIAS, new float[out], out);
  }

  /** Adds a parameter. */
  public void add(String name, float[] values, long... shape) {
    INDArray array = NativeArrays.cast(Nd4j.create(values, shape, 'c'), type);
    variables.put(name, graph.var(prefix + name, array));
  }

  /** A parameter. */
  public SDVariable get(String name) {
    return variables.get(name);
  }

  /**
   * Applies a layer; the map is padded with zeros to {@code ceil(side / stride)}.
   *
   * @param x {@code [n, h, w, in]}
   */
  public SDVariable convolve(String layer, SDVariable x, int stride) {
    SDVariable weight = variables.get(layer + WEIGHT);
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
    return graph.cnn().conv2d(x, weight, variables.get(layer + BIAS), config);
  }

  /**
   * Sets the parameters.
   *
   * @param tensors by full name
   */
  public void load(Map<String, INDArray> tensors) {
    variables.values().forEach(v -> v.getArr().assign(tensors.get(v.name())));
  }
}
