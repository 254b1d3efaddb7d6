package org.denseflow.synthesis;

import org.denseflow.flow.FlowField;

/**
 * The true flow of a recipe: a source point p is at target point M_t⁻¹(M_s(p)), where M_s and M_t
 * are the views' maps into the image. Exact up to rounding: maps without a spline are inverted in
 * closed form, bent ones by Newton's method to 1e-12.
 */
public final class GroundTruth {

  private GroundTruth() {}

  /**
   * The flow from the source view to the target view on a grid.
   *
   * @param columns cells of the grid over the source view; its width in pixels for a dense flow
   * @param rows cells of the grid over the source view
   * @return the flow at the cells' centres; valid, with confidence 1, where the cell shows the
   *     image (not its padding) and the target view shows that place too
   */
  public static FlowField flow(PairRecipe recipe, int columns, int rows) {
    ViewMap.Evaluator source = recipe.source().map().evaluator();
    ViewMap.Evaluator target = recipe.target().map().evaluator();
    float[] displacement = new float[2 * columns * rows];
    float[] confidence = new float[columns * rows];
    boolean[] valid = new boolean[columns * rows];
    Point near = null;

    for (int i = 0; i < valid.length; i++) {
      double x = ViewRows.centre(i % columns, columns);
      double y = ViewRows.centre(i / columns, rows);
      source.at(x, y);
      double u = source.u();
      double v = source.v();
      Point to = inverse(target, u, v, i % columns == 0 ? null : near);
      near = to;
      valid[i] = to != null && inside(u, v) && inside(to.x(), to.y());
      confidence[i] = valid[i] ? 1 : 0;
      displacement[2 * i] = to == null ? 0 : (float) ((to.x() - x) / 2);
      displacement[2 * i + 1] = to == null ? 0 : (float) ((to.y() - y) / 2);
    }

    return new FlowField(columns, rows, displacement, confidence, valid);
  }

  private static Point inverse(ViewMap.Evaluator target, double u, double v, Point near) {
    Point found = near == null ? null : target.inverse(u, v, near);
    return found == null ? target.inverse(u, v) : found;
  }

  private static boolean inside(double x, double y) {
    return x >= -1 && x <= 1 && y >= -1 && y <= 1;
  }
}
