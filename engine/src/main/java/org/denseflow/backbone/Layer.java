package org.denseflow.backbone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.weights.WeightMap;

/** One layer of a network; activations are {@code [batch, height, width, channels]}. */
public sealed interface Layer {

  /** The tensors that it reads, with their shapes as stored by PyTorch; none of most layers. */
  default Map<String, int[]> tensors() {
    return Map.of();
  }

  /** Whether a convolution has a bias of its own. */
  enum Bias {
    NONE,
    LEARNED
  }

  /** How a pooling window that overhangs the border is counted. */
  enum Rounding {
    /** Dropped. */
    FLOOR,
    /** Kept; what lies beyond the border counts as zero, so the input must not be negative. */
    CEIL
  }

  /**
   * A square convolution with zero padding; reads {@code <weights>.weight}, {@code [out, in,
   * kernel, kernel]}, and {@code <weights>.bias}, {@code [out]}.
   */
  record Convolution(
      String weights, int in, int out, int kernel, int stride, int padding, Bias bias)
      implements Layer {

    @Override
    public Map<String, int[]> tensors() {
      Map<String, int[]> shapes = new LinkedHashMap<>();
      shapes.put(weights + ".weight", new int[] {out, in, kernel, kernel});

      if (bias == Bias.LEARNED) {
        shapes.put(weights + ".bias", new int[] {out});
      }

      return shapes;
    }
  }

  /**
   * Batch normalisation with running statistics, eps 1e-5; reads weight, bias, running_mean and
   * running_var.
   */
  record BatchNormalisation(String weights, int channels) implements Layer {
    static final double EPSILON = 1e-5;

    @Override
    public Map<String, int[]> tensors() {
      Map<String, int[]> shapes = new LinkedHashMap<>();
      List.of("weight", "bias", "running_mean", "running_var")
          .forEach(part -> shapes.put(weights + "." + part, new int[] {channels}));
      return shapes;
    }

    /**
     * One multiplication and one addition per channel that do the same.
     *
     * @return {scale, shift}: scale = weight / sqrt(var + eps), shift = bias − mean · scale
     * @throws org.denseflow.weights.WeightException if tensors are missing or mis-shaped
     */
    public double[][] scaleAndShift(WeightMap tensors) {
      float[] weight = tensors.take(weights + ".weight", channels).values();
      float[] bias = tensors.take(weights + ".bias", channels).values();
      float[] mean = tensors.take(weights + ".running_mean", channels).values();
      float[] variance = tensors.take(weights + ".running_var", channels).values();
      double[] scale = new double[channels];
      double[] shift = new double[channels];

      for (int i = 0; i < channels; i++) {
        scale[i] = weight[i] / Math.sqrt(variance[i] + EPSILON);
        shift[i] = bias[i] - mean[i] * scale[i];
      }

      return new double[][] {scale, shift};
    }
  }

  /** max(x, 0). */
  record Relu() implements Layer {}

  /** Maximum over a square window; padding counts as zero, so the input must not be negative. */
  record MaxPool(int kernel, int stride, int padding, Rounding rounding) implements Layer {}

  /** Sum of two inputs. */
  record Add() implements Layer {}

  /** Inputs side by side along the channels. */
  record Concatenation() implements Layer {}

  /** For the end of a chain of cases, none of which a layer is. */
  static IllegalArgumentException unknown(Layer layer) {
    return new IllegalArgumentException("Cannot compute a layer of an unknown kind: " + layer);
  }

  /** Mean over height and width: {@code [batch, 1, 1, channels]}. */
  record GlobalAverage() implements Layer {}
}
