package org.denseflow.jobs.compare;

/**
 * How far two cells lie apart.
 *
 * @param identical whether they are the same, bit for bit
 * @param size the greatest difference of their numbers; infinite where only one is a number, null
 *     where they cannot be subtracted: other texts, sizes, or a value and none
 */
record CellDifference(boolean identical, Double size) {
  static final CellDifference NONE = new CellDifference(true, 0.0);
  static final CellDifference UNLIKE = new CellDifference(false, null);

  static CellDifference of(double left, double right) {
    if (Double.compare(left, right) == 0) {
      return NONE;
    }

    double size = Math.abs(left - right);
    return new CellDifference(false, Double.isNaN(size) ? Double.POSITIVE_INFINITY : size);
  }

  /** The greatest difference of two arrays of numbers. */
  static CellDifference of(float[] left, float[] right) {
    if (left.length != right.length) {
      return UNLIKE;
    }

    CellDifference greatest = NONE;

    for (int i = 0; i < left.length; i++) {
      if (Float.compare(left[i], right[i]) != 0) {
        greatest = greatest.plus(of((double) left[i], right[i]));
      }
    }

    return greatest;
  }

  /** The difference of cells that consist of both. */
  CellDifference plus(CellDifference other) {
    return new CellDifference(
        identical && other.identical,
        size == null || other.size == null ? null : (Double) Math.max(size, other.size));
  }

  /** Whether it counts as none: nothing but bits that are the same does with a tolerance of 0. */
  boolean within(double tolerance) {
    return identical || tolerance > 0 && size != null && size <= tolerance;
  }
}
