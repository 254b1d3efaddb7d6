package org.denseflow.jobs.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.denseflow.metrics.Protocols;
import org.denseflow.schemas.PublishedResults;
import org.denseflow.schemas.SummaryRow;

/** The printed table: our row and per-category rows, then the papers' rows for the benchmark. */
final class ScoreTable {

  private ScoreTable() {}

  static String render(String dataset, List<String> protocols, List<SummaryRow> summary) {
    StringBuilder text = new StringBuilder();

    for (String protocol : protocols) {
      List<SummaryRow> own =
          summary.stream().filter(row -> row.protocol().equals(protocol)).toList();
      List<String> metrics =
          own.stream().map(SummaryRow::metric).filter(RegionCurves::isPrinted).distinct().toList();
      SummaryRow first = own.get(0);
      text.append('\n').append(Protocols.describe(protocol)).append('\n');
      text.append("%d pairs scored, %d failed%n%n".formatted(first.pairs(), first.failed()));
      text.append(line("", "method", metrics));
      Map<String, Map<String, Double>> ours = new LinkedHashMap<>();
      own.forEach(
          row ->
              ours.computeIfAbsent(row.category(), c -> new LinkedHashMap<>())
                  .put(row.metric(), row.value()));
      String name = first.method() + " (" + first.backbone() + ")";
      ours.forEach((category, values) -> text.append(line(category, name, cells(metrics, values))));
      text.append(published(dataset, metrics));
    }

    return text.toString();
  }

  private static String published(String dataset, List<String> metrics) {
    Map<String, Map<String, Double>> rows = new LinkedHashMap<>();

    for (PublishedResults.Row row : PublishedResults.of(dataset)) {
      if (row.category().equals("all") && metrics.contains(row.metric())) {
        rows.computeIfAbsent(row.method() + ", " + row.source(), k -> new LinkedHashMap<>())
            .put(row.metric(), row.value());
      }
    }

    StringBuilder text = new StringBuilder();

    if (!rows.isEmpty()) {
      text.append("as the papers print it (their protocols differ):\n");
      rows.forEach((name, values) -> text.append(line("all", name, cells(metrics, values))));
    }

    return text.toString();
  }

  private static List<String> cells(List<String> metrics, Map<String, Double> values) {
    List<String> cells = new ArrayList<>();

    for (String metric : metrics) {
      Double value = values.get(metric);
      cells.add(value == null ? "-" : String.format(Locale.ROOT, "%.3f", value));
    }

    return cells;
  }

  private static String line(String category, String name, List<String> cells) {
    StringBuilder line = new StringBuilder("%-22s %-40s".formatted(category, name));
    cells.forEach(cell -> line.append("%12s".formatted(cell)));
    return line.append('\n').toString();
  }
}
