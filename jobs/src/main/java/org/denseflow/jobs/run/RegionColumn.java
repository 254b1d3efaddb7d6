package org.denseflow.jobs.run;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.proposals.RegionBox;
import org.denseflow.proposals.RegionMatch;

/** Encodes matched regions as numbers, ten for each. */
final class RegionColumn {
  private static final int LENGTH = 10;

  private RegionColumn() {}

  static float[] values(List<RegionMatch> matches) {
    float[] values = new float[LENGTH * matches.size()];
    int at = 0;

    for (RegionMatch match : matches) {
      for (RegionBox box : List.of(match.source(), match.target())) {
        values[at++] = (float) box.x1();
        values[at++] = (float) box.y1();
        values[at++] = (float) box.x2();
        values[at++] = (float) box.y2();
      }

      values[at++] = (float) match.similarity();
      values[at++] = (float) match.score();
    }

    return values;
  }

  static List<RegionMatch> matches(float[] values) {
    List<RegionMatch> matches = new ArrayList<>(values.length / LENGTH);

    for (int at = 0; at < values.length; at += LENGTH) {
      matches.add(
          new RegionMatch(box(values, at), box(values, at + 4), values[at + 8], values[at + 9]));
    }

    return matches;
  }

  private static RegionBox box(float[] values, int at) {
    return new RegionBox(values[at], values[at + 1], values[at + 2], values[at + 3]);
  }
}
