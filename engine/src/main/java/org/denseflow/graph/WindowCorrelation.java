package org.denseflow.graph;

import java.util.Arrays;
import org.denseflow.geometry.Size;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Correlation of each source cell with the target cells in a window around the same place, the
 * constrained correlation of RTNs, Eq. 2, and SAM-Net. Channel {@code (dy + r) · (2r + 1) + dx + r}
 * is the dot product with the target cell (x + s · dx, y + s · dy), with dilation s, and 0 outside
 * of the map.
 *
 * <p>For each dy one batched matrix product correlates whole rows, and a band of diagonals is cut
 * out of each: a row padded by one more column, read with the old width, is shifted by one per
 * line.
 */
public final class WindowCorrelation {

  private WindowCorrelation() {}

  /**
   * Correlates.
   *
   * @param source {@code [batch, h, w, channels]}
   * @param target {@code [batch, h, w, channels]}
   * @param radius r, in places; 4 for the 9 x 9 window of RTNs
   * @param dilation s, cells from place to place
   * @return {@code [batch, h, w, (2r + 1)²]}
   */
  public static SDVariable apply(
      SDVariable source, SDVariable target, Size grid, int channels, int radius, int dilation) {
    if (radius < 0) {
      throw new IllegalArgumentException("Invalid radius: must not be negative, found " + radius);
    }

    if (dilation < 1) {
      throw new IllegalArgumentException("Invalid dilation: must be positive, found " + dilation);
    }

    SameDiff graph = source.getSameDiff();
    int reach = radius * dilation;
    int[] none = {0, 0};
    int[] border = {reach, reach};
    SDVariable padded =
        graph.nn().pad(target, Constants.padding(target, none, border, border, none), 0);
    SDVariable rows = source.reshape(-1, grid.width(), channels);
    SDVariable[] bands = new SDVariable[2 * radius + 1];
    Arrays.setAll(bands, dy -> band(rows, padded, grid, channels, reach, dilation, dy));
    return bands.length == 1 ? bands[0] : graph.concat(3, bands);
  }

  /** The window's row dy, {@code [batch, h, w, 2r + 1]}. */
  private static SDVariable band(
      SDVariable rows,
      SDVariable padded,
      Size grid,
      int channels,
      int reach,
      int dilation,
      int dy) {
    SameDiff graph = rows.getSameDiff();
    int width = grid.width();
    int wide = width + 2 * reach;
    int top = dy * dilation;
    int[] none = {0, 0};
    SDVariable others =
        padded
            .get(
                SDIndex.all(),
                SDIndex.interval(top, top + grid.height()),
                SDIndex.all(),
                SDIndex.all())
            .reshape(-1, wide, channels);
    // [batch · h, w, w + 2 reach]: line x holds its window at x .. x + 2 reach
    SDVariable all = graph.mmul(rows, others, false, true, false).reshape(-1, width * wide);
    SDVariable longer = graph.nn().pad(all, Constants.padding(all, none, new int[] {0, width}), 0);
    return longer
        .reshape(-1, width, wide + 1)
        .get(SDIndex.all(), SDIndex.all(), SDIndex.interval(0, dilation, 2 * reach + 1))
        .reshape(-1, grid.height(), width, 2 * reach / dilation + 1);
  }
}
