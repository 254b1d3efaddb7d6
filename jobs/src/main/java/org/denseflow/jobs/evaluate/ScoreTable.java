package org.denseflow.jobs.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.denseflow.metrics.Protocols;
import org.denseflow.schemas.PublishedResults;
import org.denseflow.schemas.SummaryRow;

/** The printed table: our row and per-category rows, then the papers' rows for the benchmark. */
final class ScoreTable {

  private ScoreTable() {}

  static String render(String dataset, List<SummaryRow> summary) {
    StringBuilder text = new StringBuilder();

    for (String protocol : summary.stream().map(SummaryRow::protocol).distinct().toList()) {
      List<SummaryRow> own =
          summary.stream().filter(row -> row.protocol().equals(protocol)).toList();
      List<String> metrics =
          own.stream().map(SummaryRow::metric).filter(RegionCurves::isPrinted).distinct().toList();
      Map<String, List<SummaryRow>> categories =
          own.stream()
              .collect(
                  Collectors.groupingBy(
                      SummaryRow::category, LinkedHashMap::new, Collectors.toList()));
      SummaryRow first = fewest(categories.get("all"));
      text.append('\n').append(Protocols.describe(protocol)).append('\n');
      text.append(
          "%d of %d pairs scored, %d failed, %d unscored%n%n"
              .formatted(first.pairs(), first.listed(), first.failed(), first.unscored()));
      text.append(line("", "method", "pairs", metrics));
      String name = first.method() + " (" + first.backbone() + ")";
      categories.forEach(
          (category, rows) ->
              text.append(line(category, name, pairs(rows), cells(metrics, values(rows)))));
      text.append(published(dataset, metrics));
    }

    return text.toString();
  }

  /** The metric that counts the fewest pairs. */
  private static SummaryRow fewest(List<SummaryRow> rows) {
    return Collections.min(rows, Comparator.comparingLong(SummaryRow::pairs));
  }

  private static String pairs(List<SummaryRow> rows) {
    SummaryRow row = fewest(rows);
    return row.pairs() + " of " + row.listed();
  }

  private static Map<String, Double> values(List<SummaryRow> rows) {
    Map<String, Double> values = new LinkedHashMap<>();
    rows.forEach(row -> values.put(row.metric(), row.value()));
    return values;
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
      rows.forEach((name, values) -> text.append(line("all", name, "", cells(metrics, values))));
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

  private static String line(String category, String name, String pairs, List<String> cells) {
    StringBuilder line = new StringBuilder("%-22s %-40s %14s".formatted(category, name, pairs));
    cells.forEach(cell -> line.append("%12s".formatted(cell)));
    return line.append('\n').toString();
  }
}
