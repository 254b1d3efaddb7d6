package org.denseflow.jobs.compare;

import java.io.Serializable;

/**
 * The comparison of a column of two runs, over the rows that both have.
 *
 * @param equal rows whose cells are the same, or within the tolerance
 * @param differing the other rows
 * @param greatest the greatest difference of numbers; null where there are no numbers to subtract
 * @param row the row of that difference; without numbers a row whose cells differ, null where there
 *     is none
 */
record ColumnComparison(long equal, long differing, Double greatest, String row)
    implements Serializable {

  static ColumnComparison of(String row, CellDifference difference, double tolerance) {
    boolean within = difference.within(tolerance);
    return new ColumnComparison(
        within ? 1 : 0, within ? 0 : 1, difference.size(), difference.identical() ? null : row);
  }

  ColumnComparison plus(ColumnComparison other) {
    ColumnComparison worse = isWorse(other) ? this : other;
    return new ColumnComparison(
        equal + other.equal, differing + other.differing, worse.greatest, worse.row);
  }

  /** Rows in order where differences are the same, so that the outcome has no order of its own. */
  private boolean isWorse(ColumnComparison other) {
    if (row == null || other.row == null) {
      return row != null;
    }

    double size = greatest == null ? -1 : greatest;
    double otherSize = other.greatest == null ? -1 : other.greatest;
    return size == otherSize ? row.compareTo(other.row) <= 0 : size > otherSize;
  }
}
