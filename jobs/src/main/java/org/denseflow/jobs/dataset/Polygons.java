package org.denseflow.jobs.dataset;

import java.util.Arrays;
import java.util.List;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.denseflow.metrics.Keypoints;

/** Rasterises outlines to masks. */
public final class Polygons {

  private Polygons() {}

  /**
   * The pixels whose centre (whole coordinates) lies inside an outline by the even-odd rule;
   * outlines may overlap, their union counts.
   */
  public static Mask rasterise(List<Keypoints> outlines, Size size) {
    boolean[] inside = new boolean[size.cells()];

    for (Keypoints outline : outlines) {
      for (int y = 0; y < size.height(); y++) {
        fillRow(inside, y * size.width(), size.width(), crossings(outline, y));
      }
    }
    return new Mask(size.width(), size.height(), inside);
  }

  /** Where a row crosses the outline's edges, sorted; an edge holds its upper end only. */
  private static double[] crossings(Keypoints outline, double y) {
    double[] found = new double[outline.size()];
    int count = 0;

    for (int k = 0; k < outline.size(); k++) {
      int next = (k + 1) % outline.size();
      double y1 = outline.y()[k];
      double y2 = outline.y()[next];

      if ((y1 <= y) != (y2 <= y)) {
        double share = (y - y1) / (y2 - y1);
        found[count++] = outline.x()[k] + share * (outline.x()[next] - outline.x()[k]);
      }
    }
    double[] sorted = Arrays.copyOf(found, count);
    Arrays.sort(sorted);
    return sorted;
  }

  private static void fillRow(boolean[] inside, int start, int width, double[] crossings) {
    for (int i = 0; i + 1 < crossings.length; i += 2) {
      int first = (int) Math.max(0, Math.ceil(crossings[i]));
      int last = (int) Math.min(width - 1.0, Math.ceil(crossings[i + 1]) - 1);

      for (int x = first; x <= last; x++) {
        inside[start + x] = true;
      }
    }
  }
}
