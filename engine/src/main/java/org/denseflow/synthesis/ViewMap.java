package org.denseflow.synthesis;

import org.denseflow.geometry.ThinPlateSpline;

/**
 * Where a view looks in its image: a map from the view's normalised coordinates to the image's. A
 * view pixel's colour is the image's at the place its centre maps to.
 *
 * @param projective the projective part, crop and flip included
 * @param spline the thin-plate spline, null without
 * @param order how the two are combined; meaningless without a spline
 */
public record ViewMap(Projective projective, ThinPlateSpline spline, WarpComposition order) {

  /** Checks that a sum has an affine part. */
  public ViewMap {
    if (spline != null && order == WarpComposition.SUM && !projective.isAffine()) {
      throw new IllegalArgumentException("Cannot add a spline to a homography");
    }
  }

  /** Whether a view is a part of its image, stretched or flipped but neither turned nor bent. */
  boolean isStraightCrop() {
    double[] m = projective.m();
    return spline == null
        && projective.isAffine()
        && m[1] == 0
        && m[3] == 0
        && Math.abs(m[0]) + Math.abs(m[2]) <= 1
        && Math.abs(m[4]) + Math.abs(m[5]) <= 1;
  }

  /** An evaluator; it holds the spline's coefficients and is cheap to make. */
  public Evaluator evaluator() {
    return new Evaluator(this);
  }

  /** Evaluates a view's map, its Jacobian and its inverse. Not safe for use by several threads. */
  public static final class Evaluator {
    private static final int NEWTON_STEPS = 30;
    private static final double NEWTON_TOLERANCE = 1e-12;

    private final double[] m;
    private final Projective inverse;
    private final double[] cx;
    private final double[] cy;
    private final boolean sum;
    private final double orientation;
    private final double[] basis = new double[3 * ThinPlateSpline.POINTS];

    private double u;
    private double v;
    private double ux;
    private double uy;
    private double vx;
    private double vy;

    private Evaluator(ViewMap map) {
      this.m = map.projective.m();
      this.inverse = map.projective.inverse();
      this.cx = map.spline == null ? null : map.spline.coefficients(0);
      this.cy = map.spline == null ? null : map.spline.coefficients(1);
      this.sum = map.order == WarpComposition.SUM;
      this.orientation = Math.signum(m[0] * m[4] - m[1] * m[3]);
    }

    /** Image x after {@link #at}. */
    public double u() {
      return u;
    }

    /** Image y after {@link #at}. */
    public double v() {
      return v;
    }

    /** The Jacobian's determinant after {@link #at}: negative where the view is folded over. */
    public double determinant() {
      return ux * vy - uy * vx;
    }

    /** Evaluates the map and its Jacobian at a view point. */
    public Evaluator at(double x, double y) {
      if (cx != null) {
        ThinPlateSpline.basis(x, y, basis);
      }

      return at(x, y, basis);
    }

    /** As {@link #at(double, double)}, with the spline's basis at that point already known. */
    Evaluator at(double x, double y, double[] known) {
      double dx = 0;
      double dy = 0;
      double dxx = 0;
      double dxy = 0;
      double dyx = 0;
      double dyy = 0;

      if (cx != null) {
        dx = cx[9] + cx[10] * x + cx[11] * y;
        dy = cy[9] + cy[10] * x + cy[11] * y;
        dxx = cx[10];
        dxy = cx[11];
        dyx = cy[10];
        dyy = cy[11];

        for (int j = 0; j < ThinPlateSpline.POINTS; j++) {
          dx += cx[j] * known[3 * j];
          dy += cy[j] * known[3 * j];
          dxx += cx[j] * known[3 * j + 1];
          dxy += cx[j] * known[3 * j + 2];
          dyx += cy[j] * known[3 * j + 1];
          dyy += cy[j] * known[3 * j + 2];
        }
      }

      if (sum) {
        u = m[0] * x + m[1] * y + m[2] + dx;
        v = m[3] * x + m[4] * y + m[5] + dy;
        ux = m[0] + dxx;
        uy = m[1] + dxy;
        vx = m[3] + dyx;
        vy = m[4] + dyy;
      } else {
        chain(x + dx, y + dy, 1 + dxx, dxy, dyx, 1 + dyy);
      }

      return this;
    }

    /**
     * Finds the view point that maps to an image point.
     *
     * @return the point, or null where Newton's method finds none
     */
    public Point inverse(double imageX, double imageY) {
      Point start = inverse.map(imageX, imageY);
      return cx == null ? start : inverse(imageX, imageY, start);
    }

    /** As {@link #inverse(double, double)}, from a starting point near the solution. */
    public Point inverse(double imageX, double imageY, Point start) {
      if (cx == null) {
        return inverse.map(imageX, imageY);
      }

      double x = start.x();
      double y = start.y();

      for (int step = 0; step < NEWTON_STEPS; step++) {
        at(x, y);
        double du = imageX - u;
        double dv = imageY - v;
        double determinant = determinant();

        if (!(orientation * determinant > 0)) {
          return null;
        }

        double sx = (vy * du - uy * dv) / determinant;
        double sy = (ux * dv - vx * du) / determinant;
        x += sx;
        y += sy;

        if (Math.abs(sx) + Math.abs(sy) < NEWTON_TOLERANCE) {
          return new Point(x, y);
        }
      }

      return null;
    }

    private void chain(double x, double y, double xx, double xy, double yx, double yy) {
      double w = m[6] * x + m[7] * y + m[8];
      u = (m[0] * x + m[1] * y + m[2]) / w;
      v = (m[3] * x + m[4] * y + m[5]) / w;
      double ax = (m[0] - u * m[6]) / w;
      double ay = (m[1] - u * m[7]) / w;
      double bx = (m[3] - v * m[6]) / w;
      double by = (m[4] - v * m[7]) / w;
      ux = ax * xx + ay * yx;
      uy = ax * xy + ay * yy;
      vx = bx * xx + by * yx;
      vy = bx * xy + by * yy;
    }
  }
}
