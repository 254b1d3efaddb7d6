package org.denseflow.image;

/**
 * The one resize: bilinear (triangle filter), separable, antialiased when shrinking by widening the
 * filter with the ratio; cell-centre convention, that is output pixel i looks at input position (i
 * + 0.5) · in/out − 0.5; weights are renormalised at the border.
 */
public final class Resize {
  /** 1.5 · 2^52: added to a number, it leaves the nearest integer in the lowest bits. */
  private static final double INTEGER = 0x1.8p52;

  /**
   * Rounds halves up: more than nothing, and less than the distance of any other single-precision
   * number from the half above it.
   */
  private static final double UP = 0x1p-30;

  private Resize() {}

  /** Resizes to floating point, 0..255. */
  public static FloatImage toFloat(RgbImage image, int width, int height) {
    Filter columns = Filter.triangle(image.width(), width);
    Filter rows = Filter.triangle(image.height(), height);
    return new FloatImage(
        width, height, vertical(horizontal(image, columns), image.height(), width, rows));
  }

  /** Resizes to 8 bits, rounding to nearest. */
  public static RgbImage toRgb(RgbImage image, int width, int height) {
    if (image.width() == width && image.height() == height) {
      return image;
    }

    float[] values = toFloat(image, width, height).values();
    byte[] pixels = new byte[values.length];

    for (int i = 0; i < values.length; i++) {
      pixels[i] = (byte) Double.doubleToRawLongBits(values[i] + UP + INTEGER);
    }

    return new RgbImage(width, height, pixels);
  }

  private static float[] horizontal(RgbImage image, Filter filter) {
    byte[] pixels = image.pixels();
    int width = filter.start().length;
    float[] result = new float[image.height() * width * 3];

    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < width; x++) {
        float[] weights = filter.weights()[x];
        int from = 3 * (y * image.width() + filter.start()[x]);
        float r = 0;
        float g = 0;
        float b = 0;

        for (int k = 0; k < weights.length; k++) {
          r += weights[k] * (pixels[from + 3 * k] & 0xff);
          g += weights[k] * (pixels[from + 3 * k + 1] & 0xff);
          b += weights[k] * (pixels[from + 3 * k + 2] & 0xff);
        }

        int to = 3 * (y * width + x);
        result[to] = r;
        result[to + 1] = g;
        result[to + 2] = b;
      }
    }

    return result;
  }

  private static float[] vertical(float[] rows, int inputHeight, int width, Filter filter) {
    int height = filter.start().length;
    int stride = 3 * width;
    float[] result = new float[height * stride];

    for (int y = 0; y < height; y++) {
      float[] weights = filter.weights()[y];

      for (int k = 0; k < weights.length; k++) {
        int from = (filter.start()[y] + k) * stride;
        int to = y * stride;
        float weight = weights[k];

        for (int i = 0; i < stride; i++) {
          result[to + i] += weight * rows[from + i];
        }
      }
    }

    return result;
  }

  /** For each output index the first input index and the weights from there on; they sum to one. */
  private record Filter(int[] start, float[][] weights) {

    static Filter triangle(int input, int output) {
      double ratio = (double) input / output;
      double support = Math.max(1, ratio);
      int[] start = new int[output];
      float[][] weights = new float[output][];

      for (int i = 0; i < output; i++) {
        double centre = (i + 0.5) * ratio - 0.5;
        int first = Math.max(0, (int) Math.ceil(centre - support));
        int last = Math.min(input - 1, (int) Math.floor(centre + support));
        double[] exact = new double[last - first + 1];
        double sum = 0;

        for (int k = 0; k < exact.length; k++) {
          exact[k] = Math.max(0, 1 - Math.abs(first + k - centre) / support);
          sum += exact[k];
        }

        start[i] = first;
        weights[i] = new float[exact.length];

        for (int k = 0; k < exact.length; k++) {
          weights[i][k] = (float) (exact[k] / sum);
        }
      }

      return new Filter(start, weights);
    }
  }
}
