package org.denseflow.matcher.proposals;

import java.util.List;
import org.denseflow.proposals.RegionBox;

/**
 * h(m), the offset bin of each potential match m of two images' regions (SCNet, Eq. 7). An offset
 * of more than one and a half sides of the target, like another shape, is in a bin beyond the
 * others, whose matches are none.
 */
final class OffsetBins {
  /** Sides of the target before and beyond it that bins reach. */
  private static final double REACH = 1;

  private final OffsetParameters parameters;
  private final int columns;
  private final int scales;

  OffsetBins(OffsetParameters parameters) {
    this.parameters = parameters;
    this.columns = (int) Math.ceil((2 * REACH + 1) / parameters.cell());
    this.scales = (int) Math.ceil(2 * parameters.maxScale() / parameters.scaleStep());
  }

  /** Bins along x and along y. */
  int columns() {
    return columns;
  }

  /** Bins along the scale. */
  int scales() {
    return scales;
  }

  /** All bins; bin (column, row, scale) is (scale · columns + row) · columns + column. */
  int count() {
    return columns * columns * scales;
  }

  /** The bin of matches that are too far off to count: the one after all others. */
  int none() {
    return count();
  }

  /**
   * Finds the bins.
   *
   * @param source in fractions of their image's sides
   * @param target in fractions of theirs
   * @param to {@code [sources, targets]}
   */
  void assign(List<RegionBox> source, List<RegionBox> target, int[] to) {
    Axes from = new Axes(source);
    Axes into = new Axes(target);
    float perCell = (float) (1 / parameters.cell());
    float perStep = (float) (1 / parameters.scaleStep());
    float maxAspect = (float) Math.log(parameters.maxAspect()) + 1e-6f;
    float maxScale = (float) parameters.maxScale();
    int none = none();

    for (int i = 0; i < from.size(); i++) {
      float x = leverX(from, i);
      float y = leverY(from, i);
      float originX = originX(from, i);
      float originY = originY(from, i);

      for (int j = 0, at = i * into.size(); j < into.size(); j++, at++) {
        float column = (into.x[j] + x * into.scale[j] - originX + (float) REACH) * perCell;
        float row = (into.y[j] + y * into.scale[j] - originY + (float) REACH) * perCell;
        float step = (into.octave[j] - from.octave[i] + maxScale) * perStep;
        boolean near =
            column >= 0
                & row >= 0
                & step >= 0
                & column < columns
                & row < columns
                & step < scales
                & Math.abs(into.aspect[j] - from.aspect[i]) <= maxAspect;
        to[at] = near ? ((int) step * columns + (int) row) * columns + (int) column : none;
      }
    }
  }

  /** The reference point seen from region i's centre, in units of the region's scale. */
  private float leverX(Axes from, int i) {
    return (reference(from.x[i]) - from.x[i]) / from.scale[i];
  }

  private float leverY(Axes from, int i) {
    return (reference(from.y[i]) - from.y[i]) / from.scale[i];
  }

  private float originX(Axes from, int i) {
    return reference(from.x[i]) - 0.5f;
  }

  private float originY(Axes from, int i) {
    return reference(from.y[i]) - 0.5f;
  }

  private float reference(float own) {
    return switch (parameters.reference()) {
      case CORNER -> 1;
      case CENTER -> 0.5f;
      case REGION -> own;
    };
  }

  /** Centres, scales, their binary logarithms and natural logarithms of aspect ratios. */
  private static final class Axes {
    private final float[] x;
    private final float[] y;
    private final float[] scale;
    private final float[] octave;
    private final float[] aspect;

    private Axes(List<RegionBox> boxes) {
      int n = boxes.size();
      x = new float[n];
      y = new float[n];
      scale = new float[n];
      octave = new float[n];
      aspect = new float[n];

      for (int i = 0; i < n; i++) {
        RegionBox box = boxes.get(i);
        x[i] = (float) box.centerX();
        y[i] = (float) box.centerY();
        scale[i] = (float) Math.sqrt(box.area());
        octave[i] = (float) (Math.log(box.area()) / Math.log(2) / 2);
        aspect[i] = (float) Math.log(box.width() / box.height());
      }
    }

    private int size() {
      return x.length;
    }
  }
}
