package org.denseflow.jobs.masks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.schemas.SummaryRow;

/** Means of the targets' scores, per class and overall: {@code summary.json} and a table. */
final class MaskReport {
  /** Metric by column. */
  private static final Map<String, String> METRICS = new LinkedHashMap<>();

  static {
    METRICS.put("iou", "iou");
    METRICS.put("lt_acc", "lt-acc");
    METRICS.put("fused_iou", "iou-unrefined");
    METRICS.put("best_iou", "iou-best-exemplar");
    METRICS.put("copy_iou", "iou-copy");
    METRICS.put("copy_lt_acc", "lt-acc-copy");
    METRICS.put("box_iou", "iou-box");
    METRICS.put("box_lt_acc", "lt-acc-box");
    METRICS.put("agreement", "agreement");
  }

  /** Below this a mask counts as failed; our choice. */
  private static final double FAILURE = 0.5;

  private final MaskRequest request;

  MaskReport(MaskRequest request) {
    this.request = request;
  }

  /** Writes and prints. */
  void write(RunDirectory run, Dataset<Row> targets) {
    String[] columns = METRICS.keySet().toArray(String[]::new);
    List<Row> rows =
        targets.select("category", columns).where("agreement is not null").collectAsList();
    long failed = targets.where("status = 'failed'").count();
    List<SummaryRow> summary = new ArrayList<>();
    Map<String, List<Row>> classes = new TreeMap<>();
    rows.forEach(r -> classes.computeIfAbsent(r.getString(0), c -> new ArrayList<>()).add(r));
    StringBuilder text = new StringBuilder("%-28s %8s".formatted("class", "targets"));
    METRICS.values().forEach(metric -> text.append(" %17s".formatted(metric)));
    text.append('\n');
    classes.forEach((name, own) -> line(text, summary, name, own, 0));
    line(text, summary, "all", rows, failed);
    List<Row> scored = rows.stream().filter(row -> !row.isNullAt(row.fieldIndex("iou"))).toList();

    if (scored.size() > 2) {
      prediction(text, summary, scored, failed);
    }

    run.replaceJson("summary.json", summary);
    System.out.print(text);
    System.out.println("summary: " + run.table("summary.json"));
  }

  private void line(
      StringBuilder text, List<SummaryRow> summary, String name, List<Row> rows, long failed) {
    text.append("%-28s %8d".formatted(name.isEmpty() ? "-" : name, rows.size()));

    for (Map.Entry<String, String> metric : METRICS.entrySet()) {
      List<Row> known =
          rows.stream().filter(row -> !row.isNullAt(row.fieldIndex(metric.getKey()))).toList();
      double mean =
          known.stream()
              .mapToDouble(row -> row.getDouble(row.fieldIndex(metric.getKey())))
              .average()
              .orElse(Double.NaN);
      text.append(
          known.isEmpty() ? " %17s".formatted("-") : String.format(Locale.ROOT, " %17.3f", mean));

      if (!known.isEmpty()) {
        summary.add(row(name, metric.getValue(), mean, known.size(), failed));
      }
    }

    text.append('\n');
  }

  /** How well agreement tells good masks from bad ones. */
  private void prediction(
      StringBuilder text, List<SummaryRow> summary, List<Row> scored, long failed) {
    double[] agreement = values(scored, "agreement");

    for (String column : List.of("iou", "fused_iou")) {
      double rank = new SpearmansCorrelation().correlation(agreement, values(scored, column));
      String metric = "agreement-spearman-" + METRICS.get(column);
      summary.add(row("all", metric, rank, scored.size(), failed));
      text.append(
          String.format(
              Locale.ROOT,
              "agreement and %s: Spearman's rank correlation %.3f%n",
              METRICS.get(column),
              rank));
    }

    List<Row> sorted = new ArrayList<>(scored);
    sorted.sort(Comparator.comparingDouble(row -> row.getDouble(row.fieldIndex("agreement"))));
    List<Row> lowest = sorted.subList(0, (int) Math.ceil(sorted.size() / 10.0));
    text.append(
        String.format(
            Locale.ROOT,
            "lowest decile by agreement: mean iou %.3f, of all %.3f; %d of %d with iou below %.1f%n",
            mean(lowest),
            mean(sorted),
            failures(lowest),
            failures(sorted),
            FAILURE));
    summary.add(row("all", "iou-lowest-agreement-decile", mean(lowest), lowest.size(), failed));
  }

  private static double mean(List<Row> rows) {
    return Arrays.stream(values(rows, "iou")).average().orElse(Double.NaN);
  }

  private static long failures(List<Row> rows) {
    return Arrays.stream(values(rows, "iou")).filter(iou -> iou < FAILURE).count();
  }

  private static double[] values(List<Row> rows, String column) {
    return rows.stream().mapToDouble(row -> row.getDouble(row.fieldIndex(column))).toArray();
  }

  private SummaryRow row(String category, String metric, double value, long targets, long failed) {
    Map<String, String> inputs = request.matcher().inputs();
    String layout = request.dataset().substring(0, request.dataset().indexOf(':'));
    return new SummaryRow(
        layout,
        inputs.get("method"),
        inputs.get("backbone"),
        "mask-transfer",
        category,
        metric,
        value,
        targets,
        failed);
  }
}
