package org.denseflow.matcher;

import org.denseflow.flow.FlowField;

/**
 * Spreads the matches of cells over the source's pixels as SFNet's released code does. The centres
 * of the outermost cells that are no padding lie on those of the outermost pixels, and matched
 * positions are interpolated between, bilinearly. A matched position, normalised so that -1 and 1
 * are the centres of the outermost cells of the padded target, is scaled by what padding made the
 * target wider, 10/9 for 20 cells with a ring of one, and then -1 and 1 are the centres of the
 * target's outermost pixels.
 */
final class PixelDecoding {
  /** Most cells on a side of the result, our choice: 13 MB instead of 150 for 12 megapixels. */
  static final int LARGEST = 1024;

  private final FlowField field;
  private final int targetWidth;
  private final int targetHeight;
  private final int ring;

  /**
   * Makes a decoding.
   *
   * @param field between the padded grids
   * @param targetWidth columns of the target's padded grid
   * @param targetHeight its rows
   * @param ring cells that padding made on each side
   */
  PixelDecoding(FlowField field, int targetWidth, int targetHeight, int ring) {
    this.field = field;
    this.targetWidth = targetWidth;
    this.targetHeight = targetHeight;
    this.ring = ring;
  }

  /** The flow between images of these sizes in pixels, of one cell for each pixel of the source. */
  FlowField decode(int sourceWidth, int sourceHeight, int otherWidth, int otherHeight) {
    int width = Math.min(LARGEST, sourceWidth);
    int height = Math.min(LARGEST, sourceHeight);
    Knot[] columns = knots(width, sourceWidth, field.gridWidth());
    Knot[] rows = knots(height, sourceHeight, field.gridHeight());
    double[] x = pixels(0, targetWidth, otherWidth);
    double[] y = pixels(1, targetHeight, otherHeight);
    double[] certainty = certainty();
    float[] displacement = new float[2 * width * height];
    float[] confidence = new float[width * height];
    boolean[] valid = new boolean[width * height];

    for (int i = 0; i < valid.length; i++) {
      Knot column = columns[i % width];
      Knot row = rows[i / width];
      displacement[2 * i] =
          (float) ((read(x, column, row) + 0.5) / otherWidth - (i % width + 0.5) / width);
      displacement[2 * i + 1] =
          (float) ((read(y, column, row) + 0.5) / otherHeight - (i / width + 0.5) / height);
      confidence[i] = (float) read(certainty, column, row);
      valid[i] = field.valid()[row.nearest() * field.gridWidth() + column.nearest()];
    }

    return new FlowField(width, height, displacement, confidence, valid);
  }

  /** A position between two cells of the padded source grid. */
  private record Knot(int first, int second, double share) {
    int nearest() {
      return share < 0.5 ? first : second;
    }
  }

  private Knot[] knots(int count, int pixels, int cells) {
    Knot[] knots = new Knot[count];
    int last = cells - 2 * ring - 1;

    for (int i = 0; i < count; i++) {
      double pixel = (i + 0.5) * pixels / count - 0.5;
      double position = pixels == 1 ? 0 : pixel / (pixels - 1) * last;
      int first = (int) position;
      knots[i] = new Knot(first + ring, Math.min(first + 1, last) + ring, position - first);
    }

    return knots;
  }

  /** Where the cells lie in the target, in its pixels. */
  private double[] pixels(int component, int cells, int pixels) {
    double[] result = new double[field.cells()];
    double padded = (double) cells / (cells - 2 * ring);

    for (int i = 0; i < result.length; i++) {
      double position = CellFlow.position(field, i, component, cells);
      double normalised = (2 * position / (cells - 1) - 1) * padded;
      result[i] = (normalised + 1) / 2 * (pixels - 1);
    }

    return result;
  }

  private double[] certainty() {
    double[] result = new double[field.cells()];

    for (int i = 0; i < result.length; i++) {
      result[i] = field.confidence()[i];
    }

    return result;
  }

  private double read(double[] values, Knot column, Knot row) {
    int width = field.gridWidth();
    double top = mean(values, row.first() * width, column);
    double bottom = mean(values, row.second() * width, column);
    return top + (bottom - top) * row.share();
  }

  private static double mean(double[] values, int from, Knot column) {
    double first = values[from + column.first()];
    return first + (values[from + column.second()] - first) * column.share();
  }
}
