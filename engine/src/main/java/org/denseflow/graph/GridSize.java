package org.denseflow.graph;

import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The size of a grid of feature cells. Cells are numbered row by row, {@code y · width + x}, with
 * centres at integer coordinates from 0.
 *
 * @param height rows
 * @param width columns
 */
public record GridSize(int height, int width) {

  /** Checks the range. */
  public GridSize {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "Invalid grid size: sides must be positive, found %dx%d".formatted(width, height));
    }
  }

  /** The number of cells, h·w. */
  public int cells() {
    return height * width;
  }

  /** The grid that a stride of 2 leaves, sides rounded up. */
  public GridSize halved() {
    return new GridSize((height + 1) / 2, (width + 1) / 2);
  }

  /** {@code [batch, h, w, channels]} as {@code [batch, h·w, channels]}. */
  public SDVariable flatten(SDVariable map, int channels) {
    return map.reshape(-1, cells(), channels);
  }

  /** {@code [batch, h·w, channels]} as {@code [batch, h, w, channels]}. */
  public SDVariable unflatten(SDVariable cells, int channels) {
    return cells.reshape(-1, height, width, channels);
  }

  /** The x coordinate of each cell, {@code [h·w]}. */
  double[] columns() {
    double[] x = new double[cells()];

    for (int i = 0; i < x.length; i++) {
      x[i] = i % width;
    }

    return x;
  }

  /** The y coordinate of each cell, {@code [h·w]}. */
  double[] rows() {
    double[] y = new double[cells()];

    for (int i = 0; i < y.length; i++) {
      y[i] = i / width;
    }

    return y;
  }

  /** The (x, y) coordinates of each cell, {@code [1][h·w][2]}. */
  double[][][] positions() {
    double[][][] positions = new double[1][cells()][];

    for (int i = 0; i < cells(); i++) {
      positions[0][i] = new double[] {i % width, i / width};
    }

    return positions;
  }
}
