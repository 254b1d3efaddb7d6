package org.denseflow.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.denseflow.metrics.Protocol;
import org.denseflow.metrics.Protocols;
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
  private final Protocol.Averaging averaging;

  Summary(String dataset, RunManifest run, Scorer scorer) {
    this.dataset = dataset;
    this.run = run;
    this.protocol = scorer.protocol();
    this.metrics = scorer.metrics();
    this.averaging =
        Protocols.isPck(protocol)
            ? Protocols.named(protocol).averaging()
            : Protocol.Averaging.IMAGE;
  }

  /** The rows of a protocol: for each metric all pairs, then each category that has a name. */
  List<SummaryRow> rows(List<PairOutcome> outcomes) {
    Map<String, List<PairOutcome>> categories =
        outcomes.stream()
            .collect(
                Collectors.groupingBy(PairOutcome::category, TreeMap::new, Collectors.toList()));
    List<SummaryRow> rows = new ArrayList<>();

    for (int m = 0; m < metrics.size(); m++) {
      int metric = m;
      double all =
          averaging == Protocol.Averaging.CLASS
              ? categories.values().stream()
                  .mapToDouble(own -> mean(own, metric, Protocol.Averaging.IMAGE))
                  .filter(value -> !Double.isNaN(value))
                  .average()
                  .orElse(Double.NaN)
              : mean(outcomes, metric, averaging);
      rows.add(row("all", metric, all, outcomes));
      categories.forEach(
          (category, own) -> {
            if (!category.isEmpty()) {
              rows.add(row(category, metric, mean(own, metric, averaging), own));
            }
          });
    }

    return rows;
  }

  private static double mean(List<PairOutcome> outcomes, int metric, Protocol.Averaging averaging) {
    double sum = 0;
    double weights = 0;

    for (PairOutcome outcome : outcomes) {
      if (outcome instanceof PairScore score && score.defines(metric)) {
        double weight = averaging == Protocol.Averaging.POINT ? score.points() : 1;
        sum += weight * score.values().get(metric);
        weights += weight;
      }
    }

    return sum / weights;
  }

  private SummaryRow row(String category, int metric, double value, List<PairOutcome> outcomes) {
    long pairs = outcomes.stream().filter(outcome -> outcome.defines(metric)).count();
    long failed = outcomes.stream().filter(PairOutcome::failed).count();
    return new SummaryRow(
        dataset,
        run.input("method"),
        run.input("backbone"),
        protocol,
        category,
        metrics.get(metric),
        pairs == 0 ? null : value,
        pairs,
        failed,
        outcomes.size() - pairs - failed);
  }
}
