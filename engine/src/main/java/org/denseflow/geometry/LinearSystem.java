package org.denseflow.geometry;

/** Small dense linear systems, solved by Gaussian elimination with row pivoting. */
public final class LinearSystem {

  private LinearSystem() {}

  /**
   * Solves A x = b.
   *
   * @param rows {@code [n, n + 1]}: A with b as its last column; left as it is
   * @throws IllegalArgumentException if A is singular
   */
  public static double[] solve(double[][] rows) {
    int n = rows.length;
    double[][] a = new double[n][];

    for (int i = 0; i < n; i++) {
      a[i] = rows[i].clone();
    }

    for (int column = 0; column < n; column++) {
      swapLargest(a, column);

      for (int row = column + 1; row < n; row++) {
        double factor = a[row][column] / a[column][column];

        for (int c = column; c <= n; c++) {
          a[row][c] -= factor * a[column][c];
        }
      }
    }

    double[] x = new double[n];

    for (int row = n - 1; row >= 0; row--) {
      double sum = a[row][n];

      for (int c = row + 1; c < n; c++) {
        sum -= a[row][c] * x[c];
      }

      x[row] = sum / a[row][row];
    }

    return x;
  }

  private static void swapLargest(double[][] a, int column) {
    int best = column;

    for (int row = column + 1; row < a.length; row++) {
      if (Math.abs(a[row][column]) > Math.abs(a[best][column])) {
        best = row;
      }
    }

    if (a[best][column] == 0) {
      throw new IllegalArgumentException("Cannot solve a singular system");
    }

    double[] swapped = a[column];
    a[column] = a[best];
    a[best] = swapped;
  }
}
