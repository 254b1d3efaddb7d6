package org.denseflow.image;

import java.util.Arrays;

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
    Rows rows = new Rows(image, width, height);
    int stride = 3 * width;
    float[] result = new float[height * stride];

    for (int y = 0; y < height; y++) {
      System.arraycopy(rows.row(y), 0, result, y * stride, stride);
    }

    return new FloatImage(width, height, result);
  }

  /** Resizes to 8 bits, rounding to nearest. */
  public static RgbImage toRgb(RgbImage image, int width, int height) {
    if (image.width() == width && image.height() == height) {
      return image;
    }

    Rows rows = new Rows(image, width, height);
    int stride = 3 * width;
    byte[] pixels = new byte[height * stride];

    for (int y = 0; y < height; y++) {
      float[] row = rows.row(y);

      for (int i = 0; i < stride; i++) {
        pixels[y * stride + i] = (byte) Double.doubleToRawLongBits(row[i] + UP + INTEGER);
      }
    }

    return new RgbImage(width, height, pixels);
  }

  /**
   * The output's rows from the top. Of the input's rows only those are kept, narrowed to the
   * output's width, that one output row is made of.
   */
  private static final class Rows {
    private final RgbImage image;
    private final Filter columns;
    private final Filter rows;
    private final float[] wide;
    private final float[][] narrowed;
    private final float[] result;
    private int next;

    private Rows(RgbImage image, int width, int height) {
      this.image = image;
      this.columns = Filter.triangle(image.width(), width);
      this.rows = Filter.triangle(image.height(), height);
      this.wide = new float[3 * image.width()];
      this.narrowed = new float[rows.taps()][3 * width];
      this.result = new float[3 * width];
    }

    /** Output row y, in an array that the next row is put into. */
    private float[] row(int y) {
      int start = rows.start()[y];
      Arrays.fill(result, 0);

      for (int k = 0; k < rows.taps(); k++) {
        float weight = rows.weights()[k][y];

        if (weight != 0) {
          add(narrowed(start + k), weight, result);
        }
      }

      return result;
    }

    private static void add(float[] row, float weight, float[] to) {
      for (int i = 0; i < to.length; i++) {
        to[i] += weight * row[i];
      }
    }

    private float[] narrowed(int inputRow) {
      for (; next <= inputRow; next++) {
        narrow(next, narrowed[next % narrowed.length]);
      }

      return narrowed[inputRow % narrowed.length];
    }

    private void narrow(int inputRow, float[] to) {
      byte[] pixels = image.pixels();
      int from = inputRow * wide.length;

      for (int i = 0; i < wide.length; i++) {
        wide[i] = pixels[from + i] & 0xff;
      }

      Arrays.fill(to, 0);

      for (int k = 0; k < columns.taps(); k++) {
        add(wide, k, columns.start(), columns.weights()[k], to);
      }
    }

    private static void add(float[] wide, int k, int[] start, float[] weights, float[] to) {
      for (int x = 0; x < start.length; x++) {
        int from = 3 * (start[x] + k);
        float weight = weights[x];
        to[3 * x] += weight * wide[from];
        to[3 * x + 1] += weight * wide[from + 1];
        to[3 * x + 2] += weight * wide[from + 2];
      }
    }
  }

  /**
   * For each output index i the first input index, {@code start[i]}, and the weights from there on,
   * {@code weights[0][i]} to {@code weights[taps - 1][i]}; they sum to one.
   */
  private record Filter(int[] start, float[][] weights) {

    static Filter triangle(int input, int output) {
      double ratio = (double) input / output;
      double support = Math.max(1, ratio);
      int taps = (int) Math.min(input, Math.ceil(2 * support));
      int[] start = new int[output];
      float[][] weights = new float[taps][output];
      double[] exact = new double[taps];

      for (int i = 0; i < output; i++) {
        double centre = (i + 0.5) * ratio - 0.5;
        int first = (int) Math.floor(centre - support) + 1;
        start[i] = Math.max(0, Math.min(input - taps, first));
        double sum = 0;

        for (int k = 0; k < taps; k++) {
          exact[k] = Math.max(0, 1 - Math.abs(start[i] + k - centre) / support);
          sum += exact[k];
        }

        for (int k = 0; k < taps; k++) {
          weights[k][i] = (float) (exact[k] / sum);
        }
      }

      return new Filter(start, weights);
    }

    /** The most input places that one output place is made of. */
    int taps() {
      return weights.length;
    }
  }
}
