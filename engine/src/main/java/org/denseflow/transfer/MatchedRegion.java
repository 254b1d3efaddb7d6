package org.denseflow.transfer;

import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowSampler;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.denseflow.style.StyleFeatures;

/**
 * What attributes are transferred between: the source's cells that have a confident match, and the
 * target's cells that these point to, each once, however many point to it.
 *
 * @param source {@code [height · width]} of the source's features
 * @param target {@code [height · width]} of the target's features
 * @param pointed {@code [height · width]} of the source's features: the target's cell that each
 *     points to, the nearest one where it points outside
 */
public record MatchedRegion(boolean[] source, boolean[] target, int[] pointed) {
  /** Samples along each side of a cell, each of which points to a target cell. */
  private static final int SAMPLES = 2;

  /**
   * The region of a flow.
   *
   * @param mask of the source, null for all of it; limits the region
   * @param confidence what a match must exceed
   */
  public static MatchedRegion of(
      FlowField flow, StyleFeatures source, StyleFeatures target, Mask mask, double confidence) {
    int width = source.width();
    int height = source.height();
    boolean[] matched = new boolean[width * height];
    boolean[] hit = new boolean[target.width() * target.height()];
    int[] pointed = new int[width * height];

    for (int i = 0; i < matched.length; i++) {
      int x = i % width;
      int y = i / width;
      double nx = (x + 0.5) / width;
      double ny = (y + 0.5) / height;
      int cell = at(flow, nx, ny, target);
      pointed[i] = cell < 0 ? nearest(flow, nx, ny, target) : cell;
      matched[i] =
          FlowSampler.valid(flow, nx, ny)
              && FlowSampler.confidence(flow, nx, ny) > confidence
              && (mask == null || inside(mask, nx, ny));

      for (int k = 0; matched[i] && k < SAMPLES * SAMPLES; k++) {
        double sx = (x + (k % SAMPLES + 0.5) / SAMPLES) / width;
        double sy = (y + (k / SAMPLES + 0.5) / SAMPLES) / height;
        int sampled = at(flow, sx, sy, target);

        if (sampled >= 0) {
          hit[sampled] = true;
        }
      }
    }

    return new MatchedRegion(matched, hit, pointed);
  }

  /** Whether there is anything to transfer. */
  public boolean isEmpty() {
    return none(source) || none(target);
  }

  /** The target's features where the source's cells point to, on the source's grid. */
  public StyleFeatures gathered(StyleFeatures target, Size grid) {
    int channels = target.channels();
    float[] values = new float[pointed.length * channels];

    for (int i = 0; i < pointed.length; i++) {
      System.arraycopy(target.values(), pointed[i] * channels, values, i * channels, channels);
    }

    return new StyleFeatures(grid, channels, values);
  }

  private static boolean none(boolean[] region) {
    for (boolean inside : region) {
      if (inside) {
        return false;
      }
    }

    return true;
  }

  private static boolean inside(Mask mask, double nx, double ny) {
    return mask.at((int) (nx * mask.width()), (int) (ny * mask.height()));
  }

  /** The target's cell that a place points to, -1 outside. */
  private static int at(FlowField flow, double nx, double ny, StyleFeatures target) {
    double[] d = FlowSampler.displacement(flow, nx, ny);
    int x = (int) Math.floor((nx + d[0]) * target.width());
    int y = (int) Math.floor((ny + d[1]) * target.height());
    boolean inside = x >= 0 && y >= 0 && x < target.width() && y < target.height();
    return inside ? y * target.width() + x : -1;
  }

  private static int nearest(FlowField flow, double nx, double ny, StyleFeatures target) {
    double[] d = FlowSampler.displacement(flow, nx, ny);
    double x = Math.floor((nx + d[0]) * target.width());
    double y = Math.floor((ny + d[1]) * target.height());
    int column = (int) Math.max(0, Math.min(target.width() - 1, x));
    int row = (int) Math.max(0, Math.min(target.height() - 1, y));
    return row * target.width() + column;
  }
}
