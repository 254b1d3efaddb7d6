package org.denseflow.jobs.masks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.schemas.SummaryRow;

/**
 * Means of the targets' scores, per class and overall: {@code summary.json} and a table. Targets
 * that failed or lack a score, because they have no true mask for instance, are counted beside.
 */
final class MaskReport {
  private static final String IOU = "iou";
  private static final String AGREEMENT = "agreement";

  /** Metric by column. */
  private static final Map<String, String> METRICS = new LinkedHashMap<>();

  static {
    METRICS.put(IOU, IOU);
    METRICS.put("lt_acc", "lt-acc");
    METRICS.put("fused_iou", "iou-unrefined");
    METRICS.put("best_iou", "iou-best-exemplar");
    METRICS.put("copy_iou", "iou-copy");
    METRICS.put("copy_lt_acc", "lt-acc-copy");
    METRICS.put("box_iou", "iou-box");
    METRICS.put("box_lt_acc", "lt-acc-box");
    METRICS.put(AGREEMENT, AGREEMENT);
  }

  /** Below this a mask counts as failed; our choice. */
  private static final double FAILURE = 0.5;

  private final MaskRequest request;

  MaskReport(MaskRequest request) {
    this.request = request;
  }

  /** Writes and prints. */
  void write(RunDirectory run, Dataset<Row> targets) {
    List<Row> rows = targets.select("category", columns("status")).collectAsList();
    List<SummaryRow> summary = new ArrayList<>();
    Map<String, List<Row>> classes = new TreeMap<>();
    rows.forEach(r -> classes.computeIfAbsent(r.getString(0), c -> new ArrayList<>()).add(r));
    Map<String, String> measured = new LinkedHashMap<>(METRICS);
    measured
        .keySet()
        .removeIf(column -> !column.equals(AGREEMENT) && known(rows, column).isEmpty());
    StringBuilder text =
        new StringBuilder("%-28s %8s %8s %8s".formatted("class", "targets", "failed", "unscored"));
    measured.values().forEach(metric -> text.append(" %17s".formatted(metric)));
    text.append('\n');
    classes.forEach((name, own) -> text.append(line(summary, measured, name, own)));
    text.append(line(summary, measured, "all", rows));
    List<Row> scored = known(rows, IOU);

    if (scored.size() > 2) {
      text.append(prediction(summary, rows));
    }

    run.replaceJson("summary.json", summary);
    System.out.print(text);
    System.out.println("summary: " + run.table("summary.json"));
  }

  private static String[] columns(String first) {
    return Stream.concat(Stream.of(first), METRICS.keySet().stream()).toArray(String[]::new);
  }

  /** A class's means, each over the targets that have the score; the others are counted. */
  private String line(
      List<SummaryRow> summary, Map<String, String> measured, String name, List<Row> rows) {
    StringBuilder text = new StringBuilder();
    measured.forEach(
        (column, metric) -> {
          List<Row> known = known(rows, column);
          double mean = mean(known, column);
          summary.add(row(name, metric, mean, known.size(), rows));
          text.append(
              known.isEmpty()
                  ? " %17s".formatted("-")
                  : String.format(Locale.ROOT, " %17.3f", mean));
        });
    SummaryRow first = summary.get(summary.size() - measured.size());
    return "%-28s %8d %8d %8d%s%n"
        .formatted(
            name.isEmpty() ? "-" : name, rows.size(), first.failed(), first.unscored(), text);
  }

  /** How well agreement tells good masks from bad ones. */
  private String prediction(List<SummaryRow> summary, List<Row> rows) {
    StringBuilder text = new StringBuilder();

    for (String column : List.of(IOU, "fused_iou")) {
      List<Row> known = known(rows, column);
      double rank =
          known.size() < 3
              ? Double.NaN
              : new SpearmansCorrelation()
                  .correlation(values(known, AGREEMENT), values(known, column));
      String metric = METRICS.get(column);

      if (!Double.isNaN(rank)) {
        summary.add(row("all", "agreement-spearman-" + metric, rank, known.size(), rows));
        text.append(
            String.format(
                Locale.ROOT, "agreement and %s: Spearman's rank correlation %.3f%n", metric, rank));
      }
    }

    return text.append(lowest(summary, known(rows, IOU))).toString();
  }

  private String lowest(List<SummaryRow> summary, List<Row> scored) {
    List<Row> sorted = new ArrayList<>(scored);
    sorted.sort(Comparator.comparingDouble(row -> row.getDouble(row.fieldIndex(AGREEMENT))));
    List<Row> lowest = sorted.subList(0, (int) Math.ceil(sorted.size() / 10.0));
    summary.add(
        row("all", "iou-lowest-agreement-decile", mean(lowest, IOU), lowest.size(), lowest));
    return String.format(
        Locale.ROOT,
        "lowest decile by agreement: mean iou %.3f, of all %.3f; %d of %d with iou below %.1f%n",
        mean(lowest, IOU),
        mean(sorted, IOU),
        failures(lowest),
        failures(sorted),
        FAILURE);
  }

  /** The targets that have a score; older tables have NaN where it is not defined. */
  private static List<Row> known(List<Row> rows, String column) {
    return rows.stream()
        .filter(row -> !row.isNullAt(row.fieldIndex(column)))
        .filter(row -> !Double.isNaN(row.<Double>getAs(column)))
        .toList();
  }

  private static double mean(List<Row> rows, String column) {
    return Arrays.stream(values(rows, column)).average().orElse(Double.NaN);
  }

  private static long failures(List<Row> rows) {
    return Arrays.stream(values(rows, IOU)).filter(iou -> iou < FAILURE).count();
  }

  private static double[] values(List<Row> rows, String column) {
    return rows.stream().mapToDouble(row -> row.getDouble(row.fieldIndex(column))).toArray();
  }

  /** A figure over some of these targets. */
  private SummaryRow row(
      String category, String metric, double value, long scored, List<Row> targets) {
    long failed =
        targets.stream().filter(row -> row.getAs("status").equals(FlowTable.FAILED)).count();
    Map<String, String> inputs = request.matcher().inputs();
    String layout = request.dataset().substring(0, request.dataset().indexOf(':'));
    return new SummaryRow(
        layout,
        inputs.get("method"),
        inputs.get("backbone"),
        "mask-transfer",
        category,
        metric,
        scored == 0 ? null : value,
        scored,
        failed,
        targets.size() - scored - failed);
  }
}
