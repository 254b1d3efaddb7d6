package org.denseflow.correlation;

import org.denseflow.backbone.UnitRows;
import org.denseflow.geometry.Size;

/**
 * The correlation of every source cell with every target cell: {@code values} is {@code [source
 * cells, target cells]}, row-major; a row holds one source cell's candidates. The array may be
 * longer than that and belongs to whoever made the volume: it is overwritten by the next one.
 */
public record CorrelationVolume(Size source, Size target, float[] values) {

  /** Checks that the array is long enough. */
  public CorrelationVolume {
    if (values.length < (long) source.cells() * target.cells()) {
      throw new IllegalArgumentException(
          "Invalid correlation volume: %d values for %s by %s cells"
              .formatted(values.length, source, target));
    }
  }

  /** Source cells. */
  public int rows() {
    return source.cells();
  }

  /** Target cells. */
  public int columns() {
    return target.cells();
  }

  /** For each source cell the candidate with the largest value, the first of equals. */
  public int[] bestOfRows() {
    int columns = columns();
    int[] best = new int[rows()];

    for (int i = 0; i < best.length; i++) {
      int from = i * columns;
      float largest = values[from];

      for (int j = 1; j < columns; j++) {
        if (values[from + j] > largest) {
          largest = values[from + j];
          best[i] = j;
        }
      }
    }

    return best;
  }

  /** For each target cell the source cell with the largest value, the first of equals. */
  public int[] bestOfColumns() {
    int columns = columns();
    int[] best = new int[columns];
    float[] largest = new float[columns];
    System.arraycopy(values, 0, largest, 0, columns);

    for (int i = 1; i < rows(); i++) {
      int from = i * columns;

      for (int j = 0; j < columns; j++) {
        if (values[from + j] > largest[j]) {
          largest[j] = values[from + j];
          best[j] = i;
        }
      }
    }

    return best;
  }

  /** The value of a source cell and a target cell. */
  public float at(int sourceCell, int targetCell) {
    return values[sourceCell * columns() + targetCell];
  }

  /** Negative values become zero (SFNet's released code; SCNet, Eq. 6). */
  public void rectify() {
    int length = rows() * columns();

    for (int i = 0; i < length; i++) {
      values[i] = Math.max(0, values[i]);
    }
  }

  /**
   * Divides each row by its Euclidean norm over the candidates: v / sqrt(sum v² + 1e-6) (SFNet's
   * released code).
   */
  public void normaliseRows() {
    UnitRows.normalise(values, rows(), columns(), 1e-6);
  }
}
