package org.denseflow.style;

import org.denseflow.geometry.Size;

/**
 * Gives features, around each cell, the mean and the deviation that other features on the same grid
 * have there, channel by channel: what varies within the window stays the first features' own.
 *
 * <p>Our choice, the step that makes blended features look like the target: statistics of the whole
 * matched region alone spread the colours of an object over its background.
 */
public final class LocalStatistics {
  /** Keeps deviations of flat places from being divided by zero; of squared features. */
  private static final double EPSILON = 1e-4;

  /** No deviation grows by more: what hardly varies is noise. */
  private static final double LARGEST_GAIN = 4;

  private final int height;
  private final int width;
  private final boolean[] region;
  private final double[] kernel;

  /**
   * Prepares for a grid.
   *
   * @param region cells that count, {@code [height · width]}; others stay as they are
   * @param sigma of the Gaussian window, cells
   */
  public LocalStatistics(Size grid, boolean[] region, double sigma) {
    this.height = grid.height();
    this.width = grid.width();
    this.region = region;
    this.kernel = new double[1 + (int) Math.ceil(2.5 * sigma)];

    for (int k = 0; k < kernel.length; k++) {
      kernel[k] = Math.exp(-k * k / (2 * sigma * sigma));
    }
  }

  /** The features with the other ones' local statistics. */
  public StyleFeatures impose(StyleFeatures features, StyleFeatures other) {
    double[] total = smooth(ones(), 1);
    double[] mean = moment(features, 1, total);
    double[] square = moment(features, 2, total);
    double[] otherMean = moment(other, 1, total);
    double[] otherSquare = moment(other, 2, total);
    int channels = features.channels();
    float[] values = features.values().clone();

    for (int i = 0; i < values.length; i++) {
      if (region[i / channels]) {
        double from = Math.sqrt(Math.max(0, square[i] - mean[i] * mean[i]) + EPSILON);
        double to = Math.sqrt(Math.max(0, otherSquare[i] - otherMean[i] * otherMean[i]) + EPSILON);
        double gain = Math.min(LARGEST_GAIN, to / from);
        values[i] = (float) (otherMean[i] + gain * (values[i] - mean[i]));
      }
    }

    return new StyleFeatures(features.grid(), channels, values);
  }

  private double[] ones() {
    double[] ones = new double[region.length];

    for (int i = 0; i < ones.length; i++) {
      ones[i] = region[i] ? 1 : 0;
    }

    return ones;
  }

  /** The window's mean of a power of the features, over the region. */
  private double[] moment(StyleFeatures features, int power, double[] total) {
    int channels = features.channels();
    double[] values = new double[features.values().length];

    for (int i = 0; i < values.length; i++) {
      double value = features.values()[i];
      values[i] = region[i / channels] ? (power == 1 ? value : value * value) : 0;
    }

    double[] result = smooth(values, channels);

    for (int i = 0; i < result.length; i++) {
      result[i] /= Math.max(1e-12, total[i / channels]);
    }

    return result;
  }

  /** Along rows, then along columns. */
  private double[] smooth(double[] values, int channels) {
    return along(along(values, channels, width, 1), channels, height, width);
  }

  private double[] along(double[] values, int channels, int length, int step) {
    double[] result = new double[values.length];

    for (int i = 0; i < region.length; i++) {
      int at = i / step % length;
      int first = Math.max(-at, 1 - kernel.length);
      int last = Math.min(length - 1 - at, kernel.length - 1);

      for (int k = first; k <= last; k++) {
        double weight = kernel[Math.abs(k)];
        int from = (i + k * step) * channels;

        for (int c = 0; c < channels; c++) {
          result[i * channels + c] += weight * values[from + c];
        }
      }
    }

    return result;
  }
}
