package org.denseflow.backbone;

/** One layer of a network; activations are {@code [batch, height, width, channels]}. */
public sealed interface Layer {

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
      implements Layer {}

  /**
   * Batch normalisation with running statistics, eps 1e-5; reads weight, bias, running_mean and
   * running_var.
   */
  record BatchNormalisation(String weights, int channels) implements Layer {
    static final double EPSILON = 1e-5;
  }

  /** max(x, 0). */
  record Relu() implements Layer {}

  /** Maximum over a square window; padding counts as zero, so the input must not be negative. */
  record MaxPool(int kernel, int stride, int padding, Rounding rounding) implements Layer {}

  /** Sum of two inputs. */
  record Add() implements Layer {}

  /** Inputs side by side along the channels. */
  record Concatenation() implements Layer {}

  /** Mean over height and width: {@code [batch, 1, 1, channels]}. */
  record GlobalAverage() implements Layer {}
}
