package org.denseflow.backbone.hog;

import org.denseflow.image.FloatImage;

/**
 * Orientation histograms on a grid of square cells, {@code [rows, columns, 27]}: 18 signed and 9
 * unsigned orientations. A gradient is that of the channel where it is strongest; it votes for the
 * nearest orientation, bilinearly into the four nearest cells.
 */
public record HogCells(int columns, int rows, float[] values) {
  /** Channels of a cell. */
  public static final int CHANNELS = 27;

  private static final int SIGNED = 18;
  private static final int UNSIGNED = 9;
  private static final float TRUNCATION = 0.2f;
  private static final float EPSILON = 1e-4f;

  /**
   * The cells of an image.
   *
   * @param cell side in pixels; pixels beyond the last whole cell belong to no cell
   */
  public static HogCells of(FloatImage image, int cell) {
    int columns = image.width() / cell;
    int rows = image.height() / cell;
    float[] histograms = new float[rows * columns * SIGNED];

    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        vote(image, x, y, cell, columns, rows, histograms);
      }
    }

    return new HogCells(columns, rows, normalise(histograms, columns, rows));
  }

  /** Copies one cell's channels; a cell outside the grid leaves zeros. */
  void copy(int column, int row, float[] to, int at) {
    if (column >= 0 && row >= 0 && column < columns && row < rows) {
      System.arraycopy(values, (row * columns + column) * CHANNELS, to, at, CHANNELS);
    }
  }

  private static void vote(
      FloatImage image, int x, int y, int cell, int columns, int rows, float[] histograms) {
    float[] v = image.values();
    int width = image.width();
    int left = 3 * (y * width + Math.max(0, x - 1));
    int right = 3 * (y * width + Math.min(width - 1, x + 1));
    int up = 3 * (Math.max(0, y - 1) * width + x);
    int down = 3 * (Math.min(image.height() - 1, y + 1) * width + x);
    float gx = 0;
    float gy = 0;
    float strongest = 0;

    for (int c = 0; c < 3; c++) {
      float dx = v[right + c] - v[left + c];
      float dy = v[down + c] - v[up + c];
      float square = dx * dx + dy * dy;

      if (square > strongest) {
        strongest = square;
        gx = dx;
        gy = dy;
      }
    }

    if (strongest == 0) {
      return;
    }

    double turn = Math.atan2(gy, gx) / (2 * Math.PI) * SIGNED;
    int bin = Math.floorMod((int) Math.round(turn), SIGNED);
    float magnitude = (float) Math.sqrt(strongest);
    float cx = (x + 0.5f) / cell - 0.5f;
    float cy = (y + 0.5f) / cell - 0.5f;
    int x0 = (int) Math.floor(cx);
    int y0 = (int) Math.floor(cy);

    for (int corner = 0; corner < 4; corner++) {
      int column = x0 + corner % 2;
      int row = y0 + corner / 2;

      if (column >= 0 && row >= 0 && column < columns && row < rows) {
        float weight = (1 - Math.abs(cx - column)) * (1 - Math.abs(cy - row));
        histograms[(row * columns + column) * SIGNED + bin] += weight * magnitude;
      }
    }
  }

  private static float[] normalise(float[] histograms, int columns, int rows) {
    float[] energy = new float[columns * rows];

    for (int i = 0; i < energy.length; i++) {
      for (int b = 0; b < UNSIGNED; b++) {
        float sum = histograms[i * SIGNED + b] + histograms[i * SIGNED + b + UNSIGNED];
        energy[i] += sum * sum;
      }
    }

    float[] values = new float[columns * rows * CHANNELS];

    for (int i = 0; i < energy.length; i++) {
      int row = i / columns;
      int column = i % columns;

      for (int block = 0; block < 4; block++) {
        float norm = blockNorm(energy, columns, rows, column - block % 2, row - block / 2);
        addTruncated(histograms, i, norm, values);
      }
    }

    return values;
  }

  /** Half the truncated sum over the four blocks, as in Felzenszwalb et al. */
  private static void addTruncated(float[] histograms, int cell, float norm, float[] values) {
    for (int b = 0; b < SIGNED; b++) {
      values[cell * CHANNELS + b] +=
          0.5f * Math.min(TRUNCATION, histograms[cell * SIGNED + b] / norm);
    }

    for (int b = 0; b < UNSIGNED; b++) {
      float sum = histograms[cell * SIGNED + b] + histograms[cell * SIGNED + b + UNSIGNED];
      values[cell * CHANNELS + SIGNED + b] += 0.5f * Math.min(TRUNCATION, sum / norm);
    }
  }

  /** The norm of the 2x2 cells from (column, row) on; the grid's border is repeated. */
  private static float blockNorm(float[] energy, int columns, int rows, int column, int row) {
    float sum = EPSILON;

    for (int corner = 0; corner < 4; corner++) {
      int c = Math.max(0, Math.min(columns - 1, column + corner % 2));
      int r = Math.max(0, Math.min(rows - 1, row + corner / 2));
      sum += energy[r * columns + c];
    }

    return (float) Math.sqrt(sum);
  }
}
