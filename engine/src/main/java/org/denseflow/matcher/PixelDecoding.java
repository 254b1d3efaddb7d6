package org.denseflow.matcher;

import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Bilinear;
import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;

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
  private final Size target;
  private final int ring;

  /**
   * Makes a decoding.
   *
   * @param field between the padded grids
   * @param target the target's padded grid
   * @param ring cells that padding made on each side
   */
  PixelDecoding(FlowField field, Size target, int ring) {
    this.field = field;
    this.target = target;
    this.ring = ring;
  }

  /** The flow between images of these sizes in pixels, of one cell for each pixel of the source. */
  FlowField decode(Size source, Size other) {
    int width = Math.min(LARGEST, source.width());
    int height = Math.min(LARGEST, source.height());
    Size inner = field.grid().within(ring);
    int[] cells = cells(inner);
    double[] x = pixels(cells, 0, target.width(), other.width());
    double[] y = pixels(cells, 1, target.height(), other.height());
    double[] columns = positions(width, source.width(), inner.width());
    double[] rows = positions(height, source.height(), inner.height());
    float[] displacement = new float[2 * width * height];
    float[] confidence = new float[width * height];
    boolean[] valid = new boolean[width * height];

    for (int i = 0; i < valid.length; i++) {
      Bilinear at = Bilinear.at(inner, columns[i % width], rows[i / width], Border.REPLICATE);
      displacement[2 * i] =
          (float) ((at.read(cell -> x[cell]) + 0.5) / other.width() - (i % width + 0.5) / width);
      displacement[2 * i + 1] =
          (float) ((at.read(cell -> y[cell]) + 0.5) / other.height() - (i / width + 0.5) / height);
      confidence[i] = (float) at.read(cell -> field.confidence()[cells[cell]]);
      valid[i] = field.valid()[cells[at.nearest()]];
    }

    return new FlowField(width, height, displacement, confidence, valid);
  }

  /** The number in the padded grid of each cell that is no padding. */
  private int[] cells(Size inner) {
    int[] cells = new int[inner.cells()];

    for (int i = 0; i < cells.length; i++) {
      cells[i] = (i / inner.width() + ring) * field.gridWidth() + i % inner.width() + ring;
    }

    return cells;
  }

  /** Where so many places, spread over a side's pixels, lie on its cells. */
  private static double[] positions(int count, int pixels, int cells) {
    double[] positions = new double[count];

    for (int i = 0; i < count; i++) {
      double pixel = (i + 0.5) * pixels / count - 0.5;
      positions[i] = pixels == 1 ? 0 : pixel / (pixels - 1) * (cells - 1);
    }

    return positions;
  }

  /** Where cells lie in the target, in its pixels. */
  private double[] pixels(int[] numbers, int component, int cells, int pixels) {
    double[] result = new double[numbers.length];
    double padded = (double) cells / (cells - 2 * ring);

    for (int i = 0; i < result.length; i++) {
      double position = CellFlow.position(field, numbers[i], component, cells);
      double normalised = (2 * position / (cells - 1) - 1) * padded;
      result[i] = (normalised + 1) / 2 * (pixels - 1);
    }

    return result;
  }
}
