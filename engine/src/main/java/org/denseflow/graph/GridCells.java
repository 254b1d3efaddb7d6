package org.denseflow.graph;

import org.denseflow.geometry.Size;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Flattens grids to rows of cells, as matrix products take them, and gives the cells' coordinates.
 */
public final class GridCells {

  private GridCells() {}

  /** {@code [batch, h, w, channels]} as {@code [batch, h·w, channels]}. */
  public static SDVariable flatten(SDVariable map, Size grid, int channels) {
    return map.reshape(-1, grid.cells(), channels);
  }

  /** {@code [batch, h·w, channels]} as {@code [batch, h, w, channels]}. */
  public static SDVariable unflatten(SDVariable cells, Size grid, int channels) {
    return cells.reshape(-1, grid.height(), grid.width(), channels);
  }

  /** The x coordinate of each cell, {@code [h·w]}. */
  static double[] columns(Size grid) {
    double[] x = new double[grid.cells()];

    for (int i = 0; i < x.length; i++) {
      x[i] = i % grid.width();
    }

    return x;
  }

  /** The y coordinate of each cell, {@code [h·w]}. */
  static double[] rows(Size grid) {
    double[] y = new double[grid.cells()];

    for (int i = 0; i < y.length; i++) {
      y[i] = i / grid.width();
    }

    return y;
  }

  /** The (x, y) coordinates of each cell, {@code [1][h·w][2]}. */
  static double[][][] positions(Size grid) {
    double[][][] positions = new double[1][grid.cells()][];

    for (int i = 0; i < grid.cells(); i++) {
      positions[0][i] = new double[] {i % grid.width(), i / grid.width()};
    }

    return positions;
  }
}
