package org.denseflow.synthesis;

import java.util.Arrays;
import org.denseflow.geometry.LinearSystem;

/**
 * A projective map of the plane, affine in most uses: {@code m} is a row-major 3x3 matrix and (x,
 * y, 1) goes to (m0 x + m1 y + m2, m3 x + m4 y + m5) / (m6 x + m7 y + m8). Coordinates are
 * normalised: an image or view spans [-1, 1] from edge to edge of its outermost pixels.
 */
public record Projective(double[] m) {

  /** The identity. */
  public static final Projective IDENTITY = affine(1, 0, 0, 0, 1, 0);

  /** Checks the matrix's size. */
  public Projective {
    if (m.length != 9) {
      throw new IllegalArgumentException(
          "Invalid projective map: %d numbers, expected 9".formatted(m.length));
    }
  }

  /** The affine map (a x + b y + c, d x + e y + f). */
  public static Projective affine(double a, double b, double c, double d, double e, double f) {
    return new Projective(new double[] {a, b, c, d, e, f, 0, 0, 1});
  }

  /**
   * The map that takes the corners (-1, -1), (1, -1), (1, 1), (-1, 1) to four points.
   *
   * @param to x0, y0, ... x3, y3
   */
  public static Projective ofCorners(double[] to) {
    double[] from = {-1, -1, 1, -1, 1, 1, -1, 1};
    double[][] system = new double[8][9];

    for (int i = 0; i < 4; i++) {
      double x = from[2 * i];
      double y = from[2 * i + 1];
      double u = to[2 * i];
      double v = to[2 * i + 1];
      system[2 * i] = new double[] {x, y, 1, 0, 0, 0, -u * x, -u * y, u};
      system[2 * i + 1] = new double[] {0, 0, 0, x, y, 1, -v * x, -v * y, v};
    }

    return new Projective(Arrays.copyOf(LinearSystem.solve(system), 9)).withLast(1);
  }

  private Projective withLast(double value) {
    double[] copy = m.clone();
    copy[8] = value;
    return new Projective(copy);
  }

  /** Whether the last row is (0, 0, 1). */
  public boolean isAffine() {
    return m[6] == 0 && m[7] == 0 && m[8] == 1;
  }

  /** The divisor at a point; the map makes sense where it is positive. */
  public double divisor(double x, double y) {
    return m[6] * x + m[7] * y + m[8];
  }

  /** Where a point goes. */
  public Point map(double x, double y) {
    double w = divisor(x, y);
    return new Point((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w);
  }

  /** This map after another one: {@code p -> this(first(p))}. */
  public Projective after(Projective first) {
    double[] product = new double[9];

    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        product[3 * r + c] =
            m[3 * r] * first.m[c] + m[3 * r + 1] * first.m[3 + c] + m[3 * r + 2] * first.m[6 + c];
      }
    }

    return new Projective(product);
  }

  /** The inverse, scaled so that its last number is 1. */
  public Projective inverse() {
    return new Projective(
            new double[] {
              m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
              m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
              m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]
            })
        .normalised();
  }

  /** The same map, scaled so that its last number is 1. */
  public Projective normalised() {
    double[] scaled = new double[9];

    for (int i = 0; i < 9; i++) {
      scaled[i] = m[i] / m[8];
    }

    return new Projective(scaled);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Projective map && Arrays.equals(m, map.m);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(m);
  }
}
