package org.denseflow.proposals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.denseflow.geometry.ThinPlateSpline;

/**
 * The thin-plate spline through a pair's keypoints, which says where any region of the source lies
 * in the target (Proposal Flow): the ground truth of region matching.
 */
public final class KeypointWarp {
  private static final int FEWEST = 4;
  private static final double INSIDE = 0.75;

  private final double[] x;
  private final double[] y;
  private final double[][] coefficients;
  private final RegionBox box;

  private KeypointWarp(double[] x, double[] y, double[][] coefficients) {
    this.x = x;
    this.y = y;
    this.coefficients = coefficients;
    this.box = box(x, y);
  }

  /**
   * Fits the spline. All coordinates are in fractions of their image's sides; of points at the same
   * place of the source the first counts.
   *
   * @param x of each point in the source
   * @param y of each point in the source
   * @param toX in the target
   * @param toY in the target
   * @return empty where fewer than {@value #FEWEST} different points are given, or all of them lie
   *     on a line
   */
  public static Optional<KeypointWarp> of(double[] x, double[] y, double[] toX, double[] toY) {
    List<double[]> points = new ArrayList<>();

    for (int k = 0; k < x.length; k++) {
      double[] point = {x[k], y[k], toX[k], toY[k]};

      if (points.stream().noneMatch(p -> p[0] == point[0] && p[1] == point[1])) {
        points.add(point);
      }
    }

    if (points.size() < FEWEST) {
      return Optional.empty();
    }

    double[] fromX = points.stream().mapToDouble(p -> p[0]).toArray();
    double[] fromY = points.stream().mapToDouble(p -> p[1]).toArray();

    try {
      double[][] coefficients = {fit(fromX, fromY, points, 2), fit(fromX, fromY, points, 3)};
      return Optional.of(new KeypointWarp(fromX, fromY, coefficients));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a region lies on the object, so that the spline holds for it: three quarters of its
   * area are inside the tight box of the keypoints (released code of SCNet).
   */
  public boolean covers(RegionBox source) {
    return source.intersection(box) >= INSIDE * source.area();
  }

  private static RegionBox box(double[] x, double[] y) {
    return new RegionBox(
        Arrays.stream(x).min().getAsDouble(),
        Arrays.stream(y).min().getAsDouble(),
        Arrays.stream(x).max().getAsDouble(),
        Arrays.stream(y).max().getAsDouble());
  }

  /**
   * The counterpart of a region: its corners are carried over; the box reaches from the mean of the
   * two smallest to the mean of the two largest coordinates.
   *
   * @return empty where the spline folds it to nothing
   */
  public Optional<RegionBox> region(RegionBox source) {
    double[][] corners = {
      at(source.x1(), source.y1()),
      at(source.x2(), source.y1()),
      at(source.x1(), source.y2()),
      at(source.x2(), source.y2())
    };
    double[] xs = Arrays.stream(corners).mapToDouble(c -> c[0]).sorted().toArray();
    double[] ys = Arrays.stream(corners).mapToDouble(c -> c[1]).sorted().toArray();
    double x1 = (xs[0] + xs[1]) / 2;
    double y1 = (ys[0] + ys[1]) / 2;
    double x2 = (xs[2] + xs[3]) / 2;
    double y2 = (ys[2] + ys[3]) / 2;
    return x2 > x1 && y2 > y1 ? Optional.of(new RegionBox(x1, y1, x2, y2)) : Optional.empty();
  }

  /** Where a point of the source lies in the target, both in fractions of their sides. */
  public double[] at(double px, double py) {
    double[] result = new double[2];

    for (int axis = 0; axis < 2; axis++) {
      double[] c = coefficients[axis];
      result[axis] = c[x.length] + c[x.length + 1] * px + c[x.length + 2] * py;

      for (int k = 0; k < x.length; k++) {
        double dx = px - x[k];
        double dy = py - y[k];
        result[axis] += c[k] * ThinPlateSpline.kernel(dx * dx + dy * dy);
      }
    }

    return result;
  }

  private static double[] fit(double[] x, double[] y, List<double[]> points, int axis) {
    return ThinPlateSpline.fit(x, y, points.stream().mapToDouble(p -> p[axis]).toArray());
  }
}
