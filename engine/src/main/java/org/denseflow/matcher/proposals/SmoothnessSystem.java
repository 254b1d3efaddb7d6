package org.denseflow.matcher.proposals;

/**
 * The linear system of a smooth field on a grid: for assigned cells u_p = f_p, and for every two
 * 4-neighbours u_p = u_q with a weight, in the sense of least squares.
 */
final class SmoothnessSystem {
  private static final int ITERATIONS = 500;
  private static final double TOLERANCE = 1e-10;

  private final int width;
  private final boolean[] assigned;
  private final double[] right;
  private final double[] down;
  private final double[] diagonal;

  /** The weight between two neighbours. */
  interface Weight {
    double of(int p, int q);
  }

  SmoothnessSystem(int width, int height, boolean[] assigned) {
    this.width = width;
    this.assigned = assigned;
    this.right = new double[width * height];
    this.down = new double[width * height];
    this.diagonal = new double[width * height];
  }

  /** Sets all weights; they must be positive. */
  void weigh(Weight weight) {
    for (int i = 0; i < diagonal.length; i++) {
      right[i] = i % width + 1 < width ? weight.of(i, i + 1) : 0;
      down[i] = i + width < diagonal.length ? weight.of(i, i + width) : 0;
    }

    for (int i = 0; i < diagonal.length; i++) {
      diagonal[i] =
          (assigned[i] ? 1 : 0)
              + right[i]
              + down[i]
              + (i % width > 0 ? right[i - 1] : 0)
              + (i >= width ? down[i - width] : 0);
    }
  }

  /**
   * Solves by conjugate gradients, preconditioned by the diagonal.
   *
   * @param f read where assigned
   * @param u where to start from; replaced by the solution
   */
  void solve(double[] f, double[] u) {
    int cells = u.length;
    double[] residual = new double[cells];
    double[] direction = new double[cells];
    double[] image = new double[cells];
    multiply(u, image);
    double size = 0;
    double norm = 0;

    for (int i = 0; i < cells; i++) {
      double wanted = assigned[i] ? f[i] : 0;
      residual[i] = wanted - image[i];
      direction[i] = residual[i] / diagonal[i];
      norm += residual[i] * direction[i];
      size += wanted * wanted / diagonal[i];
    }

    for (int k = 0; k < ITERATIONS && norm > TOLERANCE * size; k++) {
      multiply(direction, image);
      double step = norm / dot(direction, image);
      double before = norm;
      norm = 0;

      for (int i = 0; i < cells; i++) {
        u[i] += step * direction[i];
        residual[i] -= step * image[i];
        norm += residual[i] * residual[i] / diagonal[i];
      }

      for (int i = 0; i < cells; i++) {
        direction[i] = residual[i] / diagonal[i] + norm / before * direction[i];
      }
    }
  }

  private void multiply(double[] x, double[] to) {
    for (int i = 0; i < x.length; i++) {
      to[i] = diagonal[i] * x[i];
    }

    for (int i = 0; i < x.length; i++) {
      if (right[i] != 0) {
        to[i] -= right[i] * x[i + 1];
        to[i + 1] -= right[i] * x[i];
      }

      if (down[i] != 0) {
        to[i] -= down[i] * x[i + width];
        to[i + width] -= down[i] * x[i];
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;

    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }

    return sum;
  }
}
