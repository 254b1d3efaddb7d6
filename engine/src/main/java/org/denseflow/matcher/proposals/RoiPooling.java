package org.denseflow.matcher.proposals;

import java.util.List;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.graph.NativeArrays;
import org.denseflow.proposals.RegionBox;

/**
 * Regions' features from a feature map, each of one size (Girshick, Fast R-CNN, ICCV 2015, Section
 * 2.1): a region's edges are rounded to cells, what is between them, at least one cell, is divided
 * into {@code side x side} parts that may overlap by a cell, and of each part and channel the
 * largest value is kept.
 */
final class RoiPooling implements RegionPooling {
  private final int side;

  /**
   * Makes a pooling.
   *
   * @param side parts along x and along y (SCNet, Section 4: 7)
   */
  public RoiPooling(int side) {
    this.side = side;
  }

  @Override
  public float[] pool(FeatureMap map, List<RegionBox> regions) {
    float[] values = NativeArrays.copy(map.values());
    int channels = map.channels();
    float[] result = new float[regions.size() * side * side * channels];

    for (int r = 0; r < regions.size(); r++) {
      RegionBox box = regions.get(r);
      Span columns = Span.of(box.x1(), box.x2(), map.width());
      Span rows = Span.of(box.y1(), box.y2(), map.height());

      for (int part = 0; part < side * side; part++) {
        int to = (r * side * side + part) * channels;
        maximum(
            values,
            map.width(),
            channels,
            columns.part(part % side, side),
            rows.part(part / side, side),
            result,
            to);
      }
    }

    return result;
  }

  private static void maximum(
      float[] values, int width, int channels, Span columns, Span rows, float[] to, int at) {
    for (int y = rows.from; y < rows.to; y++) {
      for (int x = columns.from; x < columns.to; x++) {
        int cell = (y * width + x) * channels;
        boolean first = y == rows.from && x == columns.from;

        for (int c = 0; c < channels; c++) {
          float value = values[cell + c];
          to[at + c] = first ? value : Math.max(to[at + c], value);
        }
      }
    }
  }

  /** Cells from..to-1 along an axis. */
  private record Span(int from, int to) {

    static Span of(double from, double to, int cells) {
      int first = (int) Math.max(0, Math.min(cells - 1, Math.rint(from * cells)));
      int last = (int) Math.max(first + 1, Math.min(cells, Math.rint(to * cells)));
      return new Span(first, last);
    }

    Span part(int index, int parts) {
      int length = to - from;
      return new Span(
          from + index * length / parts, from + ((index + 1) * length + parts - 1) / parts);
    }
  }
}
