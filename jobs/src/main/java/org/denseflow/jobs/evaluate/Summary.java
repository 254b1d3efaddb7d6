package org.denseflow.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.denseflow.metrics.Protocol;
import org.denseflow.schemas.RunManifest;
import org.denseflow.schemas.SummaryRow;

/**
 * Averages pair scores as their protocol says, over all pairs and per category, and counts the
 * pairs that are in no average.
 */
final class Summary {
  private final String dataset;
  private final RunManifest run;
  private final String protocol;
  private final List<String> metrics;

  Summary(String dataset, RunManifest run, Scorer scorer) {
    this.dataset = dataset;
    this.run = run;
    this.protocol = scorer.protocol();
    this.metrics = scorer.metrics();
  }

  /**
   * The rows of a protocol: for each metric all pairs, then each category that has a name.
   *
   * @param categories totals by category
   */
  List<SummaryRow> rows(SortedMap<String, ScoreTotals> categories) {
    ScoreTotals total = new ScoreTotals();
    categories.values().forEach(total::plus);
    List<SummaryRow> rows = new ArrayList<>();

    for (int m = 0; m < metrics.size(); m++) {
      int metric = m;
      double all =
          ScoreTotals.averaging(protocol) == Protocol.Averaging.CLASS
              ? categories.values().stream()
                  .mapToDouble(own -> own.mean(metric))
                  .filter(value -> !Double.isNaN(value))
                  .average()
                  .orElse(Double.NaN)
              : total.mean(metric);
      rows.add(row("all", metric, all, total));
      categories.forEach(
          (category, own) -> {
            if (!category.isEmpty()) {
              rows.add(row(category, metric, own.mean(metric), own));
            }
          });
    }

    return rows;
  }

  private SummaryRow row(String category, int metric, double value, ScoreTotals totals) {
    long pairs = totals.pairs(metric);
    return new SummaryRow(
        dataset,
        run.input("method"),
        run.input("backbone"),
        protocol,
        category,
        metrics.get(metric),
        pairs == 0 ? null : value,
        pairs,
        totals.failed(),
        totals.listed() - pairs - totals.failed());
  }
}
