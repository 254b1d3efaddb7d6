package org.denseflow.graph;

import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Bilinear sampling of each source cell's own candidates in a window around a position of its own:
 * the part of a correlation volume that guidance points at (Guided Semantic Flow, Eq. 8).
 * Candidates outside of the target grid are 0. Gradients go to the volume and to the positions, as
 * in {@link BilinearSampling}.
 */
public final class WindowSampling {

  private WindowSampling() {}

  /**
   * Samples.
   *
   * @param volume {@code [batch, n, h·w]}
   * @param cells n, the number of source cells
   * @param grid the size of the target grid
   * @param positions {@code [batch, n, 2]}, (x, y) in target cells
   * @param radius r, in cells
   * @return {@code [batch, n, (2r + 1)²]}; channel {@code (dy + r) · (2r + 1) + dx + r} is the
   *     value at (x + dx, y + dy)
   */
  public static SDVariable apply(
      SDVariable volume, int cells, Size grid, SDVariable positions, int radius) {
    SameDiff graph = volume.getSameDiff();
    int side = 2 * radius + 1;
    SDVariable offsets = Constants.range(volume, side).sub(radius);
    SDVariable x = hats(Coordinates.x(positions).add(offsets), side, grid.width());
    SDVariable y = hats(Coordinates.y(positions).add(offsets), side, grid.height());
    SDVariable candidates = volume.reshape(-1, grid.height(), grid.width());
    SDVariable rows = graph.mmul(y, candidates, false, false, false);
    return graph.mmul(rows, x, false, true, false).reshape(-1, cells, side * side);
  }

  /** The weights of the columns or rows, {@code [batch · n, side, count]}. */
  private static SDVariable hats(SDVariable coordinates, int side, int count) {
    return BilinearSampling.hats(coordinates.reshape(-1, side, 1), count, Border.ZERO);
  }
}
