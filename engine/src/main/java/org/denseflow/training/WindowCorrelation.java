package org.denseflow.training;

import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Correlation of each source cell with the target cells in a window around the same place, the
 * constrained correlation of RTNs, Section 3.2, and SAM-Net. Channel {@code (dy + r) · (2r + 1) +
 * dx + r} is the dot product with the target cell (x + dx, y + dy), 0 outside of the map.
 *
 * <p>For each dy one batched matrix product correlates whole rows, and a band of 2r + 1 diagonals
 * is cut out of each: a row padded by one more column, read with the old width, is shifted by one
 * per line.
 */
public final class WindowCorrelation {

  private WindowCorrelation() {}

  /**
   * Correlates.
   *
   * @param source {@code [batch, h, w, channels]}
   * @param target {@code [batch, h, w, channels]}
   * @param radius r, in cells; 4 for the 9 x 9 window of RTNs
   * @return {@code [batch, h, w, (2r + 1)²]}
   */
  public static SDVariable apply(
      SDVariable source, SDVariable target, GridSize grid, int channels, int radius) {
    if (radius < 0) {
      throw new IllegalArgumentException("Invalid radius: must not be negative, found " + radius);
    }

    SameDiff graph = source.getSameDiff();
    int[] none = {0, 0};
    int[] border = {radius, radius};
    SDVariable padded =
        graph.nn().pad(target, Constants.padding(target, none, border, border, none), 0);
    SDVariable rows = source.reshape(-1, grid.width(), channels);
    SDVariable[] bands = new SDVariable[2 * radius + 1];
    Arrays.setAll(bands, dy -> band(rows, padded, grid, channels, radius, dy));
    return bands.length == 1 ? bands[0] : graph.concat(3, bands);
  }

  /** The window's row dy, {@code [batch, h, w, 2r + 1]}. */
  private static SDVariable band(
      SDVariable rows, SDVariable padded, GridSize grid, int channels, int radius, int dy) {
    SameDiff graph = rows.getSameDiff();
    int width = grid.width();
    int wide = width + 2 * radius;
    int[] none = {0, 0};
    SDVariable others =
        padded
            .get(
                SDIndex.all(),
                SDIndex.interval(dy, dy + grid.height()),
                SDIndex.all(),
                SDIndex.all())
            .reshape(-1, wide, channels);
    // [batch · h, w, w + 2r]: line x holds its window at x .. x + 2r
    SDVariable all = graph.mmul(rows, others, false, true, false).reshape(-1, width * wide);
    SDVariable longer = graph.nn().pad(all, Constants.padding(all, none, new int[] {0, width}), 0);
    return longer
        .reshape(-1, width, wide + 1)
        .get(SDIndex.all(), SDIndex.all(), SDIndex.interval(0, 2 * radius + 1))
        .reshape(-1, grid.height(), width, 2 * radius + 1);
  }
}
