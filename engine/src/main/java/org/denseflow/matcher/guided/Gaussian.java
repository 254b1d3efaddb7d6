package org.denseflow.matcher.guided;

import java.util.Arrays;

/**
 * A Gaussian on a grid around any place: four exponentials for all cells (Guided Semantic Flow, Eq.
 * 8).
 */
final class Gaussian {
  private final Line alongX;
  private final Line alongY;
  private final float[] x;
  private final float[] y;

  /**
   * Makes one for a grid.
   *
   * @param sigmaOf20 standard deviation, in cells of a grid of 20 by 20
   */
  Gaussian(int width, int height, double sigmaOf20) {
    alongX = new Line(width, sigmaOf20 * width / 20.0);
    alongY = new Line(height, sigmaOf20 * height / 20.0);
    x = new float[width * height];
    y = new float[width * height];
  }

  /**
   * Multiplies the values of all cells by exp(−(dx² + dy²) / 2σ²), or by 1 where the place is NaN.
   *
   * @param values {@code [height · width]}
   */
  void modulate(float[] values, double placeX, double placeY) {
    if (Double.isNaN(placeX)) {
      return;
    }

    int width = alongX.values.length;
    alongX.around(placeX);
    alongY.around(placeY);

    for (int row = 0; row < alongY.values.length; row++) {
      Arrays.fill(y, row * width, (row + 1) * width, alongY.values[row]);
    }

    System.arraycopy(alongX.values, 0, x, 0, width);

    for (int filled = width; filled < x.length; filled *= 2) {
      System.arraycopy(x, 0, x, filled, Math.min(filled, x.length - filled));
    }

    // Alone and with equal indices, so that the compiler makes vector instructions of it.
    for (int j = 0; j < x.length; j++) {
      values[j] = values[j] * y[j] * x[j];
    }
  }

  /** A Gaussian at whole numbers from 0 on. */
  private static final class Line {
    private final double variance;
    private final double[] centred;
    private final float[] values;

    Line(int size, double sigma) {
      variance = sigma * sigma;
      centred = new double[size];
      values = new float[size];
      Arrays.setAll(centred, m -> Math.exp(-m * m / (2 * variance)));
    }

    /** With centre = n + d, the exponent at n ± m is −d²/2 − m²/2 ± m d, over the variance. */
    private void around(double centre) {
      int nearest = (int) Math.max(0, Math.min(values.length - 1, Math.rint(centre)));
      double d = centre - nearest;
      double ratio = Math.exp(d / variance);
      double inverse = 1 / ratio;
      double up = Math.exp(-d * d / (2 * variance));
      double down = up;

      for (int k = nearest; k < values.length; k++) {
        values[k] = (float) (up * centred[k - nearest]);
        up *= ratio;
      }

      for (int k = nearest - 1; k >= 0; k--) {
        down *= inverse;
        values[k] = (float) (down * centred[nearest - k]);
      }
    }
  }
}
