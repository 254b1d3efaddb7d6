package org.denseflow.matcher.guided;

import java.util.Arrays;

/**
 * A Gaussian on a grid around any place within a grid's size of it (Guided Semantic Flow, Eq. 8).
 * Our choice: places are rounded to a {@value #PARTS}nd of a cell, half a pixel at 320, so that all
 * exponentials can be made once.
 */
final class GridGaussian {
  private static final int PARTS = 32;

  private final int width;
  private final int height;

  /** For each part of a cell the values at −2 · width, ..., 2 · width − 1. */
  private final float[][] alongX;

  /** For each part of a cell the values at −2 · height, ..., each as often as a row has cells. */
  private final float[][] alongY;

  private final float[] ofColumns;
  private final float[] ofRows;

  /**
   * Makes one for a grid.
   *
   * @param sigmaOf20 standard deviation, in cells of a grid of 20 by 20
   */
  GridGaussian(int width, int height, double sigmaOf20) {
    this.width = width;
    this.height = height;
    alongX = tables(width, sigmaOf20 * width / 20.0, 1);
    alongY = tables(height, sigmaOf20 * height / 20.0, width);
    ofColumns = new float[width * height];
    ofRows = new float[width * height];
  }

  private static float[][] tables(int size, double sigma, int times) {
    float[][] tables = new float[PARTS][4 * size * times];

    for (int part = 0; part < PARTS; part++) {
      for (int k = 0; k < 4 * size; k++) {
        double d = k - 2 * size - part / (double) PARTS;
        float value = (float) Math.exp(-d * d / (2 * sigma * sigma));
        Arrays.fill(tables[part], k * times, (k + 1) * times, value);
      }
    }

    return tables;
  }

  /** Whether it is one for a grid of this size. */
  boolean isFor(int width, int height) {
    return this.width == width && this.height == height;
  }

  /**
   * Goes to a place: from now on exp(−(dx² + dy²) / 2σ²) is the product of {@link #ofRows} and
   * {@link #ofColumns}, or 1 where the place is NaN.
   */
  void goTo(double placeX, double placeY) {
    if (Double.isNaN(placeX)) {
      Arrays.fill(ofRows, 1);
      Arrays.fill(ofColumns, 1);
      return;
    }

    int x = parts(placeX, width);
    int y = parts(placeY, height);
    float[] row = alongX[Math.floorMod(x, PARTS)];
    System.arraycopy(row, 2 * width - Math.floorDiv(x, PARTS), ofColumns, 0, width);

    for (int filled = width; filled < ofColumns.length; filled *= 2) {
      int more = Math.min(filled, ofColumns.length - filled);
      System.arraycopy(ofColumns, 0, ofColumns, filled, more);
    }

    float[] rows = alongY[Math.floorMod(y, PARTS)];
    int from = (2 * height - Math.floorDiv(y, PARTS)) * width;
    System.arraycopy(rows, from, ofRows, 0, ofRows.length);
  }

  /** For each cell exp(−dy² / 2σ²), {@code [height · width]}; overwritten by the next place. */
  float[] ofRows() {
    return ofRows;
  }

  /** For each cell exp(−dx² / 2σ²), {@code [height · width]}; overwritten by the next place. */
  float[] ofColumns() {
    return ofColumns;
  }

  private static int parts(double place, int size) {
    return (int) Math.rint(Math.max(-size, Math.min(2 * size, place)) * PARTS);
  }
}
