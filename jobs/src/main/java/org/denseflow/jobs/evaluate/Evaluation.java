package org.denseflow.jobs.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.schemas.RunManifest;
import org.denseflow.schemas.SummaryRow;

/** The scores of a run's flows, or of the intermediate results kept with them. */
final class Evaluation {
  private final SparkSession spark;
  private final RunDirectory run;
  private final RunManifest manifest;
  private final org.denseflow.jobs.dataset.Dataset annotated;
  private final List<Scorer> scorers;
  private final Dataset<Row> table;

  Evaluation(
      SparkSession spark,
      RunDirectory run,
      RunManifest manifest,
      org.denseflow.jobs.dataset.Dataset annotated,
      List<Scorer> scorers) {
    this.spark = spark;
    this.run = run;
    this.manifest = manifest;
    this.annotated = annotated;
    this.scorers = scorers;
    this.table = spark.read().schema(FlowTable.SCHEMA).parquet(run.table("flows"));
  }

  /** Scores of pairs and what they come to. */
  record Result(List<PairScore> scores, List<SummaryRow> summary) {}

  String layout() {
    return annotated.layout();
  }

  /** How many intermediate results the pair with most has; 0 if none were kept. */
  int steps() {
    Row most = table.where("status = 'ok'").selectExpr("max(size(steps))").head();
    return most.isNullAt(0) ? 0 : Math.max(0, most.getInt(0));
  }

  Result ofFlows() {
    return of(table);
  }

  /**
   * Of an intermediate result, counted from 1.
   *
   * @throws UsageException if no pair has so many
   */
  Result ofStep(int step) {
    if (step < 1 || step > steps()) {
      throw new UsageException(
          "Invalid --step: %d, no pair of %s has so many intermediate results; run it with --write flows,intermediate"
              .formatted(step, run.table("flows")));
    }

    Dataset<Row> replaced = table;

    for (String column : List.of("flow", "confidence", "valid")) {
      replaced =
          replaced.withColumn(
              column,
              functions.expr(
                  "if(size(steps) >= %1$d, steps[%1$d - 1].%2$s, %2$s)".formatted(step, column)));
    }

    return of(replaced);
  }

  /** What each step's summary says. */
  List<StepCurves.Point> points() {
    List<StepCurves.Point> points = new ArrayList<>();

    for (int step = 1; step <= steps(); step++) {
      points.addAll(StepCurves.points(step, ofStep(step).summary()));
    }

    return points;
  }

  private Result of(Dataset<Row> rows) {
    List<PairScore> all = new ArrayList<>();
    List<SummaryRow> summary = new ArrayList<>();
    long failed = rows.where("status = 'failed'").count();

    for (Scorer scorer : scorers) {
      List<PairScore> scores = scores(rows, scorer);
      all.addAll(scores);
      summary.addAll(Summary.of(layout(), manifest, scorer.protocol(), scores, failed));
    }

    return new Result(all, summary);
  }

  private List<PairScore> scores(Dataset<Row> rows, Scorer scorer) {
    Map<String, List<ImagePair>> byKey = new HashMap<>();

    for (ImagePair pair : annotated.pairs()) {
      String key = scorer.swapped() ? pair.target() + "\n" + pair.source() : pair.pairId();
      byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(pair);
    }

    Broadcast<Map<String, List<ImagePair>>> broadcast =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(byKey);
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    List<PairScore> scores =
        rows.where("status = 'ok'")
            .javaRDD()
            .flatMap(
                row -> {
                  String key =
                      scorer.swapped()
                          ? row.getAs("source") + "\n" + row.getAs("target")
                          : row.getAs("pair_id");
                  return broadcast.value().getOrDefault(key, List.of()).stream()
                      .flatMap(pair -> scorer.score(pair, row, configuration.value()).stream())
                      .iterator();
                })
            .collect();

    if (scores.isEmpty()) {
      throw new UsageException(scorer.whyNone());
    }

    return scores;
  }
}
