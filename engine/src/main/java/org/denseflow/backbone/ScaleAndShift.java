package org.denseflow.backbone;

import org.denseflow.weights.WeightMap;

/**
 * A batch normalisation by running statistics, as one multiplication and one addition per channel:
 * scale = weight / sqrt(var + eps), shift = bias − mean · scale. Behind a convolution it is folded
 * into kernel and bias.
 */
public record ScaleAndShift(double[] scale, double[] shift) {
  /** Added to the variance under the root, as in PyTorch. */
  static final double EPSILON = 1e-5;

  /**
   * Of the tensors {@code <name>.weight}, {@code .bias}, {@code .running_mean} and {@code
   * .running_var}, each {@code [channels]}.
   *
   * @throws org.denseflow.weights.WeightException if one is missing or mis-shaped
   */
  public static ScaleAndShift of(WeightMap tensors, String name, int channels) {
    float[] weight = tensors.take(name + ".weight", channels).values();
    float[] bias = tensors.take(name + ".bias", channels).values();
    float[] mean = tensors.take(name + ".running_mean", channels).values();
    float[] variance = tensors.take(name + ".running_var", channels).values();
    double[] scale = new double[channels];
    double[] shift = new double[channels];

    for (int i = 0; i < channels; i++) {
      scale[i] = weight[i] / Math.sqrt(variance[i] + EPSILON);
      shift[i] = bias[i] - mean[i] * scale[i];
    }

    return new ScaleAndShift(scale, shift);
  }

  /** What follows it multiplied by a share. */
  public ScaleAndShift times(double share) {
    double[] less = scale.clone();
    double[] lower = shift.clone();

    for (int i = 0; i < less.length; i++) {
      less[i] *= share;
      lower[i] *= share;
    }

    return new ScaleAndShift(less, lower);
  }

  /**
   * The kernel of a convolution that this is folded into.
   *
   * @param kernel {@code [..., channels]}
   */
  public float[] kernel(float[] kernel) {
    float[] scaled = new float[kernel.length];

    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (kernel[i] * scale[i % scale.length]);
    }

    return scaled;
  }

  /**
   * The bias of a convolution that this is folded into.
   *
   * @param bias {@code [channels]}, its own
   */
  public float[] bias(float[] bias) {
    float[] shifted = new float[bias.length];

    for (int i = 0; i < shifted.length; i++) {
      shifted[i] = (float) (bias[i] * scale[i] + shift[i]);
    }

    return shifted;
  }
}
