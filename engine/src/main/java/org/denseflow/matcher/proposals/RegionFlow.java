package org.denseflow.matcher.proposals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.denseflow.flow.FlowField;
import org.denseflow.image.FloatImage;
import org.denseflow.proposals.RegionBox;
import org.denseflow.proposals.RegionMatch;

/**
 * Dense flow from matched regions (SCNet, Section 5.3; Proposal Flow): match after match from the
 * best score on, each cell inside the source region that has no flow yet is carried to the same
 * place of the target region, by linear interpolation between their corners; no target region is
 * used twice. Cells in no region are filled, and all are smoothed, by {@link EdgeAwareFilter}. A
 * cell's confidence is its match's score relative to the best, 0 where it was filled.
 */
public final class RegionFlow {
  private final EdgeAwareFilter filter;

  /** Makes a converter. */
  public RegionFlow(RegionParameters.FlowParameters parameters) {
    this.filter = new EdgeAwareFilter(parameters);
  }

  /**
   * Converts.
   *
   * @param guide the source image on the flow's grid, 0..255
   */
  public FlowField of(List<RegionMatch> matches, FloatImage guide) {
    int cells = guide.width() * guide.height();
    float[] flow = new float[2 * cells];
    float[] confidence = new float[cells];
    boolean[] assigned = new boolean[cells];
    List<RegionMatch> kept = oneToOne(matches);

    for (RegionMatch match : kept) {
      float certainty = (float) (match.score() / kept.get(0).score());
      assign(match, guide.width(), guide.height(), certainty, flow, confidence, assigned);
    }

    if (!kept.isEmpty()) {
      filter.apply(guide, flow, assigned);
    }

    boolean[] valid = new boolean[cells];
    Arrays.fill(valid, true);
    return new FlowField(guide.width(), guide.height(), flow, confidence, valid);
  }

  /** The matches that score anything, the best of each target region, the best first. */
  private static List<RegionMatch> oneToOne(List<RegionMatch> matches) {
    List<RegionMatch> sorted = new ArrayList<>(matches);
    sorted.sort(Comparator.comparingDouble(RegionMatch::score).reversed());
    Set<RegionBox> taken = new HashSet<>();
    sorted.removeIf(match -> !(match.score() > 0) || !taken.add(match.target()));
    return sorted;
  }

  private static void assign(
      RegionMatch match,
      int width,
      int height,
      float certainty,
      float[] flow,
      float[] confidence,
      boolean[] assigned) {
    RegionBox from = match.source();
    RegionBox to = match.target();

    for (int row = first(from.y1(), height); row <= last(from.y2(), height); row++) {
      for (int column = first(from.x1(), width); column <= last(from.x2(), width); column++) {
        int i = row * width + column;

        if (!assigned[i]) {
          double x = (column + 0.5) / width;
          double y = (row + 0.5) / height;
          flow[2 * i] = (float) (to.x1() + (x - from.x1()) * to.width() / from.width() - x);
          flow[2 * i + 1] = (float) (to.y1() + (y - from.y1()) * to.height() / from.height() - y);
          confidence[i] = certainty;
          assigned[i] = true;
        }
      }
    }
  }

  /** The first cell whose centre is not before an edge. */
  private static int first(double edge, int cells) {
    return (int) Math.max(0, Math.ceil(edge * cells - 0.5));
  }

  /** The last cell whose centre is not beyond an edge. */
  private static int last(double edge, int cells) {
    return (int) Math.min(cells - 1, Math.floor(edge * cells - 0.5));
  }
}
