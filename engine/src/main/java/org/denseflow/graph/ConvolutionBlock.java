package org.denseflow.graph;

import java.util.Optional;
import java.util.Random;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution with 'same' padding, batch normalisation and an optional ReLU, as in the adaptation
 * layers of SFNet, Section 4.1. The parameters are made once and can be applied to several inputs,
 * the two images of a pair, say; each application has the statistics of its own batch.
 *
 * <p>The trainable variables are {@code <name>.conv.weight} {@code [kH, kW, in, out]}, {@code
 * <name>.conv.bias} {@code [out]} if wanted, {@code <name>.norm.weight} and {@code
 * <name>.norm.bias} {@code [out]}.
 */
public final class ConvolutionBlock {
  /** Whether the convolution adds a bias. */
  public enum Bias {
    /** It does not; the normalisation's shift does the same. */
    NONE,
    /** It does. */
    ADDED
  }

  /** What follows the normalisation. */
  public enum Activation {
    /** Nothing. */
    NONE,
    /** max(0, x). */
    RELU
  }

  /**
   * What the block consists of.
   *
   * @param kernel side of the kernel, odd
   * @param in channels of the input
   * @param out channels of the output
   */
  public record Shape(int kernel, int in, int out, Bias bias, Activation activation) {

    /** Checks the ranges. */
    public Shape {
      if (kernel < 1 || kernel % 2 == 0) {
        throw new IllegalArgumentException(
            "Invalid kernel: must be odd and positive, found " + kernel);
      }

      if (in < 1 || out < 1) {
        throw new IllegalArgumentException(
            "Invalid channels: must be positive, found %d to %d".formatted(in, out));
      }
    }
  }

  private final SameDiff graph;
  private final Shape shape;
  private final SDVariable weight;
  private final Optional<SDVariable> bias;
  private final BatchNormalisation norm;

  /**
   * Adds the block's parameters to a graph: kernel and bias uniform in ±1/sqrt(kernel² · in), as
   * PyTorch starts them, scale 1 and shift 0.
   *
   * @param name prefix of all names
   * @param type FLOAT or DOUBLE
   * @param seed of the random numbers
   */
  public ConvolutionBlock(SameDiff graph, String name, Shape shape, DataType type, long seed) {
    this.graph = graph;
    this.shape = shape;
    Random random = new Random(seed);
    int kernel = shape.kernel();
    double bound = 1 / Math.sqrt((double) kernel * kernel * shape.in());
    weight =
        graph.var(
            name + ".conv.weight",
            uniform(random, bound, type, kernel, kernel, shape.in(), shape.out()));
    bias =
        shape.bias() == Bias.NONE
            ? Optional.empty()
            : Optional.of(
                graph.var(name + ".conv.bias", uniform(random, bound, type, shape.out())));
    norm = new BatchNormalisation(graph, name, shape.out(), 1, type);
  }

  /** Sets the scale of all channels, which starts as 1. */
  public void scale(double value) {
    norm.scale(value);
  }

  /**
   * Applies the block with the statistics of the batch, over batch, height and width. They are the
   * variables {@code <name>.<application>.mean} and {@code <name>.<application>.variance}, for
   * {@link RunningStatistics}.
   *
   * @param x {@code [batch, height, width, in]}
   * @param application a name that tells this application from others of the same block
   */
  public BatchNormalisation.Trained training(SDVariable x, String application) {
    BatchNormalisation.Trained normalised = norm.training(convolve(x), application);
    return normalised.withOutput(activate(normalised.output()));
  }

  /**
   * Applies the block with given statistics.
   *
   * @param x {@code [batch, height, width, in]}
   * @param mean {@code [out]}
   * @param variance {@code [out]}
   * @return {@code [batch, height, width, out]}
   */
  public SDVariable inference(SDVariable x, SDVariable mean, SDVariable variance) {
    return activate(norm.inference(convolve(x), mean, variance));
  }

  private SDVariable convolve(SDVariable x) {
    Conv2DConfig config =
        Conv2DConfig.builder()
            .kH(shape.kernel())
            .kW(shape.kernel())
            .paddingMode(PaddingMode.SAME)
            .dataFormat("NHWC")
            .build();
    return bias.isPresent()
        ? graph.cnn().conv2d(x, weight, bias.get(), config)
        : graph.cnn().conv2d(x, weight, config);
  }

  private SDVariable activate(SDVariable normalised) {
    return shape.activation() == Activation.RELU ? graph.nn().relu(normalised, 0) : normalised;
  }

  private static INDArray uniform(Random random, double bound, DataType type, long... shape) {
    float[] values = new float[(int) ArrayUtil.prodLong(shape)];

    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }

    return NativeArrays.cast(Nd4j.create(values, shape, 'c'), type);
  }
}
