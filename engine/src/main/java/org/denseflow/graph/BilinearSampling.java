package org.denseflow.graph;

import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Bilinear sampling of a map at arbitrary positions, the warping W of SFNet, Eq. 6 and 9. The value
 * at (x, y) is the sum over all cells of max(0, 1 - |x - q_x|) · max(0, 1 - |y - q_y|) · map(q), as
 * one matrix product, since the gather operations of SameDiff have no gradient.
 *
 * <p>At an integer coordinate, where the hat function has a kink, the gradient is that of the cell
 * to the right or below, as in PyTorch's {@code grid_sample}: flows that start at zero can learn.
 */
public final class BilinearSampling {
  private BilinearSampling() {}

  /**
   * Samples.
   *
   * @param map {@code [batch, h, w, channels]}
   * @param grid the size of the map
   * @param channels the channels of the map
   * @param positions {@code [batch, n, 2]}, (x, y) in cells
   * @return {@code [batch, n, channels]}
   */
  public static SDVariable sample(
      SDVariable map, Size grid, int channels, SDVariable positions, Border border) {
    SameDiff graph = map.getSameDiff();
    SDVariable x = hats(Coordinates.x(positions), grid.width(), border);
    SDVariable y = hats(Coordinates.y(positions), grid.height(), border);
    SDVariable product = product(x, y, grid);
    SDVariable batchAndPositions = graph.shape(positions).get(SDIndex.interval(0, 2));
    SDVariable cells = Constants.longs(map, grid.cells());
    SDVariable weights = graph.reshape(product, graph.concat(0, batchAndPositions, cells));
    return graph.mmul(weights, GridCells.flatten(map, grid, channels), false, false, false);
  }

  /**
   * The weights of all cells.
   *
   * @param x weights of the columns, {@code [batch, n, w]}
   * @param y weights of the rows, {@code [batch, n, h]}
   * @return {@code [batch · n, h·w]}
   */
  static SDVariable product(SDVariable x, SDVariable y, Size grid) {
    return toCells(x, grid.width(), GridCells.columns(grid))
        .mul(toCells(y, grid.height(), GridCells.rows(grid)));
  }

  /**
   * Gives each cell the weight of its column or row.
   *
   * @param weights {@code [batch, n, count]}
   * @param index the column or row of each cell
   * @return {@code [batch · n, h·w]}
   */
  private static SDVariable toCells(SDVariable weights, int count, double[] index) {
    double[][] belongs = new double[count][index.length];

    for (int q = 0; q < index.length; q++) {
      belongs[(int) index[q]][q] = 1;
    }

    SameDiff graph = weights.getSameDiff();
    return graph.mmul(weights.reshape(-1, count), Constants.matrix(weights, belongs));
  }

  /**
   * The weights max(0, 1 - |x - q|) of the cells q = 0 .. count - 1.
   *
   * @param coordinate {@code [batch, n, 1]}
   * @return {@code [batch, n, count]}
   */
  static SDVariable hats(SDVariable coordinate, int count, Border border) {
    SameDiff graph = coordinate.getSameDiff();
    SDVariable clamped =
        border == Border.REPLICATE
            ? graph.math().clipByValue(coordinate, 0, count - 1)
            : coordinate;
    SDVariable distance = clamped.sub(Constants.range(coordinate, count));
    // 1 - d for 0 <= d < 1, 1 + d for -1 <= d < 0: the half-open sides choose the gradient at a
    // kink
    SDVariable right = Constants.mask(graph.gte(distance, 0), coordinate);
    SDVariable inside =
        Constants.mask(graph.gte(distance, -1), coordinate)
            .mul(Constants.mask(graph.lt(distance, 1), coordinate));
    SDVariable slope = right.mul(-2).add(1);
    return inside.mul(slope.mul(distance).add(1));
  }
}
