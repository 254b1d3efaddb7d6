package org.denseflow.geometry;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The displacement field of a thin-plate spline with 3x3 control points at {-1, 0, 1} x {-1, 0, 1}
 * (CNNGeometric): D(v) = a0 + a1 x + a2 y + sum of w_j U(|v - c_j|), U(r) = r² log r² (the squared
 * distance in both places), so that D at each control point is the displacement given there.
 *
 * @param displacement {@code [3 rows, 3 columns, 2]}: (dx, dy) of each control point, normalised
 */
public record ThinPlateSpline(double[] displacement) {
  /** Control points on a side. */
  public static final int SIDE = 3;

  /** Control points. */
  public static final int POINTS = SIDE * SIDE;

  /** {@code [12, 9]}: coefficients (w_0..w_8, a0, a1, a2) per unit displacement of a point. */
  private static final double[][] SOLUTION = solution();

  /** Checks the array's size. */
  public ThinPlateSpline {
    if (displacement.length != 2 * POINTS) {
      throw new IllegalArgumentException(
          "Invalid thin-plate spline: %d numbers, expected %d"
              .formatted(displacement.length, 2 * POINTS));
    }
  }

  /** The spline after a linear map of its displacements, such as a change of scale. */
  public ThinPlateSpline scaled(double x, double y) {
    double[] scaled = new double[displacement.length];

    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = displacement[i] * (i % 2 == 0 ? x : y);
    }

    return new ThinPlateSpline(scaled);
  }

  /**
   * The coefficients of one component: w_0..w_8, a0, a1, a2.
   *
   * @param axis 0 for x, 1 for y
   */
  public double[] coefficients(int axis) {
    double[] coefficients = new double[POINTS + 3];

    for (int k = 0; k < coefficients.length; k++) {
      double sum = 0;

      for (int j = 0; j < POINTS; j++) {
        sum += SOLUTION[k][j] * displacement[2 * j + axis];
      }

      coefficients[k] = sum;
    }

    return coefficients;
  }

  /** The x coordinate of control point j. */
  public static double controlX(int j) {
    return j % SIDE - 1;
  }

  /** The y coordinate of control point j. */
  private static double controlY(int j) {
    return j / SIDE - 1;
  }

  /** U as a function of the squared distance. */
  public static double kernel(double squared) {
    return squared == 0 ? 0 : squared * StrictMath.log(squared);
  }

  /** For each control point U(|v - c|) and its derivatives by x and y, at v = (x, y). */
  public static void basis(double x, double y, double[] to) {
    for (int j = 0; j < POINTS; j++) {
      double dx = x - controlX(j);
      double dy = y - controlY(j);
      double squared = dx * dx + dy * dy;
      double log = squared == 0 ? 0 : StrictMath.log(squared);
      double slope = squared == 0 ? 0 : 2 * (log + 1);
      to[3 * j] = squared * log;
      to[3 * j + 1] = slope * dx;
      to[3 * j + 2] = slope * dy;
    }
  }

  /**
   * The coefficients of the spline through values at points of any places: w of each point, a0, a1,
   * a2.
   *
   * @throws IllegalArgumentException if the points lie on a line
   */
  public static double[] fit(double[] x, double[] y, double[] values) {
    int n = x.length;
    double[][] system = new double[n + 3][n + 4];

    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double dx = x[i] - x[j];
        double dy = y[i] - y[j];
        system[i][j] = kernel(dx * dx + dy * dy);
      }

      double[] linear = {1, x[i], y[i]};

      for (int k = 0; k < 3; k++) {
        system[i][n + k] = linear[k];
        system[n + k][i] = linear[k];
      }

      system[i][n + 3] = values[i];
    }

    return LinearSystem.solve(system);
  }

  private static double[][] solution() {
    double[] x = IntStream.range(0, POINTS).mapToDouble(ThinPlateSpline::controlX).toArray();
    double[] y = IntStream.range(0, POINTS).mapToDouble(ThinPlateSpline::controlY).toArray();
    double[][] solution = new double[POINTS + 3][POINTS];

    for (int j = 0; j < POINTS; j++) {
      double[] unit = new double[POINTS];
      unit[j] = 1;
      double[] column = fit(x, y, unit);

      for (int i = 0; i < column.length; i++) {
        solution[i][j] = column[i];
      }
    }

    return solution;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ThinPlateSpline spline
        && Arrays.equals(displacement, spline.displacement);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(displacement);
  }
}
