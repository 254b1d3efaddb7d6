package org.denseflow.jobs.synthesis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.denseflow.jobs.run.FailureReport;
import org.denseflow.synthesis.PairQuality;

/**
 * Statistics of what a run has drawn, {@code report.json}.
 *
 * @param pairs rows
 * @param failed rows without a pair
 * @param bytes size of the pairs table's files
 * @param digest digest of all rows
 * @param failures failed rows by code
 * @param images images by status or code
 * @param models pairs by model
 * @param ranges smallest, mean and largest of every number drawn, of valid and foreground shares
 *     and of attempts
 * @param quality medians over the first pairs: {@code psnr} in dB, {@code round-trip} in pixels
 *     (its largest value), {@code mask-iou}; empty when not measured
 */
record SynthesisReport(
    long pairs,
    long failed,
    long bytes,
    String digest,
    Map<String, Long> failures,
    Map<String, Long> images,
    Map<String, Long> models,
    Map<String, Range> ranges,
    Map<String, Double> quality) {

  /** Smallest, mean and largest value. */
  record Range(double least, double mean, double largest) {}

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Adds up a pairs table; views are not read. */
  static SynthesisReport of(
      Dataset<Row> table, Dataset<Row> images, long bytes, FailureReport.Tally tally) {
    Dataset<Row> good = table.where("status = 'ok'");
    Map<String, Range> ranges = new LinkedHashMap<>();

    for (String column :
        new String[] {
          "attempts", "source_valid", "target_valid", "source_foreground", "target_foreground"
        }) {
      range(
          good.select(functions.lit(column).as("key"), functions.col(column).as("value")), ranges);
    }

    range(good.select(functions.explode(functions.col("drawn"))), ranges);
    return new SynthesisReport(
        tally.total(),
        tally.failed(),
        bytes,
        RowDigest.of(table.select("row_digest").javaRDD().map(row -> (byte[]) row.get(0))),
        tally.codes(),
        counts(
            images.select(
                functions.coalesce(functions.col("error_code"), functions.lit("ok")).as("code")),
            "code"),
        counts(good, "model"),
        ranges,
        Map.of());
  }

  /** With what was measured on some pairs. */
  SynthesisReport with(List<PairQuality> measured) {
    Map<String, Double> found = new LinkedHashMap<>();
    median(measured.stream().mapToDouble(PairQuality::psnr)).ifPresent(v -> found.put("psnr", v));
    measured.stream()
        .mapToDouble(PairQuality::roundTrip)
        .max()
        .ifPresent(v -> found.put("round-trip", v));
    median(measured.stream().mapToDouble(PairQuality::maskIou).filter(v -> !Double.isNaN(v)))
        .ifPresent(v -> found.put("mask-iou", v));
    return new SynthesisReport(
        pairs, failed, bytes, digest, failures, images, models, ranges, found);
  }

  private static OptionalDouble median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return sorted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(sorted[sorted.length / 2]);
  }

  /** The lines for people. */
  String text() {
    StringBuilder text = new StringBuilder();
    images.forEach((code, count) -> text.append("  images %s: %d%n".formatted(code, count)));
    failures.forEach(
        (code, count) -> text.append("  pairs failed with %s: %d%n".formatted(code, count)));
    text.append("  models: %s%n".formatted(models));

    for (String name : new String[] {"source_valid", "target_valid", "attempts"}) {
      Range range = ranges.get(name);

      if (range != null) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %s: mean %.3f, %.3f to %.3f%n",
                name,
                range.mean(),
                range.least(),
                range.largest()));
      }
    }

    text.append(
        String.format(
            Locale.ROOT,
            "  size: %.1f MB, %d bytes a pair%n",
            bytes / 1e6,
            bytes / Math.max(1, pairs)));

    if (!quality.isEmpty()) {
      text.append("  first pairs (medians; of round-trip the largest): %s%n".formatted(quality));
    }

    return text.toString();
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Long> counts(Dataset<Row> rows, String column) {
    Map<String, Long> counts = new LinkedHashMap<>();
    rows.groupBy(column)
        .count()
        .orderBy(column)
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    return counts;
  }

  private static void range(Dataset<Row> keyed, Map<String, Range> to) {
    keyed
        .groupBy("key")
        .agg(
            functions.min("value").cast("double"),
            functions.avg("value"),
            functions.max("value").cast("double"))
        .orderBy("key")
        .collectAsList()
        .forEach(
            row ->
                to.put(
                    row.getString(0),
                    new Range(row.getDouble(1), row.getDouble(2), row.getDouble(3))));
  }
}
