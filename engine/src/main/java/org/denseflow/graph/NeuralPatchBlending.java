package org.denseflow.graph;

import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The target's part of neural patch blending (SAM-Net, Eq. 8): each cell i is the mean of the
 * target's features at i + f_j + (A_j - I)(i - j) over the 3x3 cells j around it, each weighted by
 * its confidence. Fields are as in {@link AffineReceptiveField}; beyond the map lie its border
 * cells.
 */
public final class NeuralPatchBlending {
  private static final int FIELDS = AffineReceptiveField.PARAMETERS;

  /** Keeps cells without any confidence from dividing by zero. */
  private static final double EPSILON = 1e-9;

  private NeuralPatchBlending() {}

  /**
   * Blends.
   *
   * @param target {@code [batch, h, w, channels]}
   * @param fields {@code [batch, h·w, 6]}, in cells
   * @param confidence alpha, {@code [batch, h·w, 1]}
   * @return {@code [batch, h, w, channels]}
   */
  public static SDVariable apply(
      SDVariable target, Size grid, int channels, SDVariable fields, SDVariable confidence) {
    SameDiff graph = target.getSameDiff();
    SDVariable both = GridCells.unflatten(graph.concat(2, fields, confidence), grid, FIELDS + 1);
    int[] none = {0, 0};
    int[] one = {1, 1};
    SDVariable padded = graph.nn().pad(both, Constants.padding(both, none, one, one, none), 0);
    SDVariable weights = null;
    SDVariable total = null;

    for (int k = 0; k < 9; k++) {
      int dx = k % 3 - 1;
      int dy = k / 3 - 1;
      SDVariable neighbour =
          padded
              .get(
                  SDIndex.all(),
                  SDIndex.interval(1 + dy, 1 + dy + grid.height()),
                  SDIndex.interval(1 + dx, 1 + dx + grid.width()),
                  SDIndex.all())
              .reshape(-1, grid.cells(), FIELDS + 1);
      SDVariable alpha =
          neighbour
              .get(SDIndex.all(), SDIndex.all(), SDIndex.interval(FIELDS, FIELDS + 1))
              .reshape(-1, 1);
      SDVariable own = weights(positions(neighbour, grid, dx, dy), alpha, grid);
      weights = weights == null ? own : weights.add(own);
      total = total == null ? alpha : total.add(alpha);
    }

    SDVariable sum =
        graph.mmul(
            weights.reshape(-1, grid.cells(), grid.cells()),
            GridCells.flatten(target, grid, channels));
    SDVariable factor = Broadcast.column(total.add(EPSILON).rdiv(1), channels);
    return GridCells.unflatten(sum.reshape(-1, channels).mul(factor), grid, channels);
  }

  /** The bilinear weights of the target's cells, times alpha, {@code [batch · h·w, h·w]}. */
  private static SDVariable weights(SDVariable positions, SDVariable alpha, Size grid) {
    Border outside = Border.REPLICATE;
    SDVariable x = BilinearSampling.hats(Coordinates.x(positions), grid.width(), outside);
    SDVariable y = BilinearSampling.hats(Coordinates.y(positions), grid.height(), outside);
    SDVariable weighted = x.reshape(-1, grid.width()).mul(Broadcast.column(alpha, grid.width()));
    return BilinearSampling.product(weighted, y, grid);
  }

  /** Where the neighbour at (dx, dy) sends each cell, {@code [batch, h·w, 2]}. */
  private static SDVariable positions(SDVariable neighbour, Size grid, int dx, int dy) {
    double[][] effect = new double[FIELDS + 1][2];
    double[] place = {-dx, -dy, 1};

    for (int axis = 0; axis < 2; axis++) {
      for (int i = 0; i < place.length; i++) {
        effect[place.length * axis + i][axis] = place[i];
      }
    }

    SDVariable moved =
        neighbour
            .getSameDiff()
            .mmul(neighbour.reshape(-1, FIELDS + 1), Constants.matrix(neighbour, effect))
            .reshape(-1, grid.cells(), 2);
    return moved.add(Constants.tensor(neighbour, GridCells.positions(grid)));
  }
}
