package org.denseflow.backbone;

/** L2 normalisation of the rows of an array; in graphs it is {@code graph.L2Normalisation}. */
public final class UnitRows {

  private UnitRows() {}

  /**
   * Divides each row by its Euclidean norm: v / sqrt(sum v² + epsilon), so that a row of zeros
   * stays as it is.
   *
   * @param values {@code [rows, length]}, replaced; the array may be longer
   */
  public static void normalise(float[] values, int rows, int length, double epsilon) {
    for (int from = 0; from < rows * length; from += length) {
      double sum = epsilon;

      for (int i = from; i < from + length; i++) {
        sum += values[i] * values[i];
      }

      float factor = (float) (1 / Math.sqrt(sum));

      for (int i = from; i < from + length; i++) {
        values[i] *= factor;
      }
    }
  }
}
