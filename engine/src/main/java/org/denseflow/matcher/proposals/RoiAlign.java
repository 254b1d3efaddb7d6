package org.denseflow.matcher.proposals;

import java.util.List;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.graph.GridSize;
import org.denseflow.proposals.RegionBox;

/**
 * Regions' features without rounding (He et al., Mask R-CNN, ICCV 2017, Section 3): a region is
 * divided into {@code side x side} equal parts, and each part's feature is the mean of 2x2 points
 * in it, read bilinearly between cell centres and constant beyond the outermost.
 */
final class RoiAlign implements RegionPooling {
  /** Points along x and along y in a part. */
  static final int POINTS = 2;

  private final int side;

  /**
   * Makes a pooling.
   *
   * @param side parts along x and along y
   */
  public RoiAlign(int side) {
    this.side = side;
  }

  @Override
  public float[] pool(FeatureMap map, List<RegionBox> regions) {
    float[] values = map.values().dup('c').data().asFloat();
    int channels = map.channels();
    float[] result = new float[regions.size() * side * side * channels];

    float[] points = points(regions, new GridSize(map.height(), map.width()));

    for (int p = 0; p < points.length / 2; p++) {
      int part = p / (POINTS * POINTS);
      add(values, map, points[2 * p], points[2 * p + 1], result, part * channels);
    }

    return result;
  }

  /**
   * Where regions are read, part by part and row by row.
   *
   * @param regions in fractions of the image's sides
   * @return {@code [regions, side, side, 4, 2]}, (x, y) in cells; whole numbers are cell centres
   */
  private float[] points(List<RegionBox> regions, GridSize grid) {
    float[] points = new float[regions.size() * side * side * POINTS * POINTS * 2];
    int at = 0;

    for (RegionBox box : regions) {
      for (int p = 0; p < side * side * POINTS * POINTS; p++) {
        int part = p / (POINTS * POINTS);
        int column = part % side * POINTS + p % POINTS;
        int row = part / side * POINTS + p / POINTS % POINTS;
        double x = box.x1() + box.width() * (column + 0.5) / (POINTS * side);
        double y = box.y1() + box.height() * (row + 0.5) / (POINTS * side);
        points[at++] = (float) (x * grid.width() - 0.5);
        points[at++] = (float) (y * grid.height() - 0.5);
      }
    }

    return points;
  }

  private static void add(float[] values, FeatureMap map, double x, double y, float[] to, int at) {
    double cx = Math.max(0, Math.min(map.width() - 1, x));
    double cy = Math.max(0, Math.min(map.height() - 1, y));
    int x0 = (int) cx;
    int y0 = (int) cy;
    int right = x0 + 1 < map.width() ? map.channels() : 0;
    int below = y0 + 1 < map.height() ? map.channels() * map.width() : 0;
    int corner = (y0 * map.width() + x0) * map.channels();
    float fx = (float) (cx - x0);
    float fy = (float) (cy - y0);
    float share = 1f / (POINTS * POINTS);
    float w00 = share * (1 - fx) * (1 - fy);
    float w01 = share * fx * (1 - fy);
    float w10 = share * (1 - fx) * fy;
    float w11 = share * fx * fy;

    for (int c = 0; c < map.channels(); c++) {
      int i = corner + c;
      to[at + c] +=
          w00 * values[i]
              + w01 * values[i + right]
              + w10 * values[i + below]
              + w11 * values[i + right + below];
    }
  }
}
