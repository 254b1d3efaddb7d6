package org.denseflow.jobs.projection;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.denseflow.matcher.projection.PrincipalComponents;

/**
 * One line of {@code summary.json}.
 *
 * @param tap whose cells
 * @param components how many of the first ones
 * @param share of the cells' variance that they have together
 */
record VarianceRow(String tap, int components, double share) {

  /** For powers of two and the number that is kept, tap by tap. */
  static List<VarianceRow> of(Map<String, PrincipalComponents> taps, int kept) {
    List<VarianceRow> rows = new ArrayList<>();
    taps.forEach(
        (tap, found) -> {
          int channels = found.share().values().length;

          for (int count = 1; count <= channels; count++) {
            if (Integer.bitCount(count) == 1 || count == kept || count == channels) {
              rows.add(new VarianceRow(tap, count, found.share(count)));
            }
          }
        });
    return rows;
  }

  /** The lines for people. */
  static String table(List<VarianceRow> rows) {
    StringBuilder text =
        new StringBuilder("%-24s %10s %18s%n".formatted("tap", "components", "share of variance"));
    rows.forEach(
        row ->
            text.append(
                String.format(
                    Locale.ROOT, "%-24s %10d %18.3f%n", row.tap(), row.components(), row.share())));
    return text.toString();
  }
}
