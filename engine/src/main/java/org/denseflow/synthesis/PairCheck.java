package org.denseflow.synthesis;

import org.denseflow.geometry.ThinPlateSpline;
import org.denseflow.synthesis.PairParameters.Rejection;

/**
 * Decides whether a pair is worth keeping, on a coarse grid over the views: no view folds, and
 * enough of each view, and of its object, is shown by the other. Shares of the source view follow
 * from the target's by the change of variables, so that no map is inverted where the source view is
 * not bent.
 */
final class PairCheck {
  /** The code of a view that folds over itself. */
  static final String FOLDED = "pair.folded";

  /** The code of a view that hardly overlaps the other. */
  static final String LITTLE_OVERLAP = "pair.little-overlap";

  /** The code of a pair that hardly shows its object. */
  static final String LITTLE_FOREGROUND = "pair.little-foreground";

  private static final int GRID = 12;
  private static final double[][] BASIS = basis();

  private final Rejection limits;
  private double sourceValid;
  private double targetValid;
  private double sourceForeground;
  private double targetForeground;

  PairCheck(Rejection limits) {
    this.limits = limits;
  }

  double sourceValid() {
    return sourceValid;
  }

  double targetValid() {
    return targetValid;
  }

  double sourceForeground() {
    return sourceForeground;
  }

  double targetForeground() {
    return targetForeground;
  }

  /** The code of the reason to reject the pair, null when it is good. */
  String reason(ViewMap source, ViewMap target, ImageFacts image) {
    ViewMap.Evaluator from = source.evaluator();
    ViewMap.Evaluator to = target.evaluator();

    if (folds(source, from) || !measure(from, to, image, target.projective())) {
      return FOLDED;
    }

    if (Math.min(sourceValid, targetValid) < limits.minValid()) {
      return LITTLE_OVERLAP;
    }

    return Math.min(sourceForeground, targetForeground) < limits.minForeground()
        ? LITTLE_FOREGROUND
        : null;
  }

  private boolean folds(ViewMap map, ViewMap.Evaluator evaluator) {
    double sign = sign(map.projective());
    double least = Double.POSITIVE_INFINITY;
    double sum = 0;
    boolean constant = map.spline() == null && map.projective().isAffine();
    int points = constant ? 1 : GRID * GRID;

    for (int i = 0; i < points; i++) {
      double x = coordinate(i % GRID);
      double y = coordinate(i / GRID);
      double determinant = sign * evaluator.at(x, y, BASIS[i]).determinant();
      least = Math.min(least, map.projective().divisor(x, y) > 0 ? determinant : 0);
      sum += determinant;
    }

    return !(least > limits.minDeterminant() * sum / points);
  }

  private boolean measure(
      ViewMap.Evaluator from, ViewMap.Evaluator to, ImageFacts image, Projective projective) {
    double sign = sign(projective);
    double least = Double.POSITIVE_INFINITY;
    double sum = 0;
    sourceValid = 0;
    targetValid = 0;
    sourceForeground = 0;
    targetForeground = 0;
    double cell = 1.0 / (GRID * GRID);
    Point at = null;

    for (int i = 0; i < GRID * GRID; i++) {
      double x = coordinate(i % GRID);
      double y = coordinate(i / GRID);
      to.at(x, y, BASIS[i]);
      double determinant = sign * to.determinant();
      double u = to.u();
      double v = to.v();
      least = Math.min(least, projective.divisor(x, y) > 0 ? determinant : 0);
      sum += determinant;

      if (!inside(u, v)) {
        continue;
      }

      at = from.inverse(u, v);

      if (at == null || !inside(at.x(), at.y())) {
        continue;
      }

      double area = cell * determinant / Math.abs(from.at(at.x(), at.y()).determinant());
      boolean object = image.isForeground(u, v);
      targetValid += cell;
      sourceValid += area;
      targetForeground += object ? cell : 0;
      sourceForeground += object ? area : 0;
    }

    sourceValid = Math.min(1, sourceValid);
    sourceForeground = Math.min(1, sourceForeground);
    return least > limits.minDeterminant() * sum / (GRID * GRID);
  }

  /** The orientation that the undistorted view has: negative for a flipped one. */
  private static double sign(Projective map) {
    return map.m()[0] < 0 ? -1 : 1;
  }

  private static double[][] basis() {
    double[][] basis = new double[GRID * GRID][3 * ThinPlateSpline.POINTS];

    for (int i = 0; i < basis.length; i++) {
      ThinPlateSpline.basis(coordinate(i % GRID), coordinate(i / GRID), basis[i]);
    }

    return basis;
  }

  private static boolean inside(double x, double y) {
    return x >= -1 && x <= 1 && y >= -1 && y <= 1;
  }

  private static double coordinate(int index) {
    return 2 * (index + 0.5) / GRID - 1;
  }
}
