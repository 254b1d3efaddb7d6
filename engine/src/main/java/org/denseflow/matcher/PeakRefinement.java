package org.denseflow.matcher;

import org.denseflow.geometry.Size;

/**
 * Places a match between cells: soft argmax over the 3x3 target cells around the maximum, those
 * within the grid; our choice.
 *
 * @param beta temperature of the softmax
 */
public record PeakRefinement(double beta) {

  /** Checks the range. */
  public PeakRefinement {
    if (!(beta > 0)) {
      throw new IllegalArgumentException(
          "Invalid refinement beta: must be positive, found " + beta);
    }
  }

  /**
   * Refines one cell's match.
   *
   * @param candidates of which {@code [target cells]} from {@code from} on are the cell's
   * @param best the target cell with the largest
   * @param position receives the column at {@code to} and the row after it; NaN where no candidate
   *     is positive
   */
  public void refine(
      Size target, float[] candidates, int from, int best, double[] position, int to) {
    int width = target.width();
    int bx = best % width;
    int by = best / width;
    double peak = candidates[from + best];
    double total = 0;
    double x = peak > 0 ? 0 : Double.NaN;
    double y = x;

    for (int row = Math.max(0, by - 1); row <= Math.min(target.height() - 1, by + 1); row++) {
      for (int column = Math.max(0, bx - 1); column <= Math.min(width - 1, bx + 1); column++) {
        double value = candidates[from + row * width + column];
        double weight = Math.exp(beta * (value - peak));
        total += weight;
        x += weight * column;
        y += weight * row;
      }
    }

    position[to] = x / total;
    position[to + 1] = y / total;
  }
}
