package org.denseflow.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.metrics.Protocol;
import org.denseflow.metrics.Protocols;
import org.denseflow.schemas.RunManifest;
import org.denseflow.schemas.SummaryRow;

/** Averages pair scores as their protocol says, over all pairs and per category. */
final class Summary {

  private Summary() {}

  static List<SummaryRow> of(
      String dataset, RunManifest run, String protocol, List<PairScore> scores, long failed) {
    List<PairScore> counted = scores.stream().filter(score -> score.points() > 0).toList();
    Map<String, List<PairScore>> categories = new TreeMap<>();

    for (PairScore score : counted) {
      categories.computeIfAbsent(score.category(), c -> new ArrayList<>()).add(score);
    }

    List<String> metrics = scores.get(0).metrics();
    Protocol.Averaging averaging =
        Protocols.isPck(protocol)
            ? Protocols.named(protocol).averaging()
            : Protocol.Averaging.IMAGE;
    List<SummaryRow> rows = new ArrayList<>();

    for (int m = 0; m < metrics.size(); m++) {
      int metric = m;
      double all =
          averaging == Protocol.Averaging.CLASS
              ? categories.values().stream()
                  .mapToDouble(own -> mean(own, metric, Protocol.Averaging.IMAGE))
                  .average()
                  .orElse(Double.NaN)
              : mean(counted, metric, averaging);
      rows.add(row(dataset, run, protocol, "all", metrics.get(m), all, counted.size(), failed));

      for (Map.Entry<String, List<PairScore>> category : categories.entrySet()) {
        if (!category.getKey().isEmpty()) {
          double value = mean(category.getValue(), metric, averaging);
          rows.add(
              row(
                  dataset,
                  run,
                  protocol,
                  category.getKey(),
                  metrics.get(m),
                  value,
                  category.getValue().size(),
                  0));
        }
      }
    }

    return rows;
  }

  private static double mean(List<PairScore> scores, int metric, Protocol.Averaging averaging) {
    double sum = 0;
    double weights = 0;

    for (PairScore score : scores) {
      double value = metric < score.values().size() ? score.values().get(metric) : Double.NaN;

      if (!Double.isNaN(value)) {
        double weight = averaging == Protocol.Averaging.POINT ? score.points() : 1;
        sum += weight * value;
        weights += weight;
      }
    }

    return sum / weights;
  }

  private static SummaryRow row(
      String dataset,
      RunManifest run,
      String protocol,
      String category,
      String metric,
      double value,
      long pairs,
      long failed) {
    return new SummaryRow(
        dataset,
        run.input("method"),
        run.input("backbone"),
        protocol,
        category,
        metric,
        value,
        pairs,
        failed);
  }
}
