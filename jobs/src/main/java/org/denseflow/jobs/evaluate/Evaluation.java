package org.denseflow.jobs.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
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
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.schemas.RunManifest;
import org.denseflow.schemas.SummaryRow;

/** The scores of a run's flows, or of the intermediate results kept with them. */
final class Evaluation {
  /** The status of a row that lacks the intermediate result which is to be scored. */
  static final String WITHOUT_STEP = "without-step";

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
    this.table = ParquetTables.read(spark, FlowTable.SCHEMA, run.table("flows"));
  }

  /**
   * Scores of pairs, what is not scored, and the averages.
   *
   * @param scores of pairs that have some
   * @param gaps what no average counts
   */
  record Result(List<PairScore> scores, List<UnscoredMetric> gaps, List<SummaryRow> summary) {}

  /** Compares the run's pair ids with the dataset's; see {@link RunPairs#check}. */
  List<String> check(RunPairs.Names names) {
    return RunPairs.check(table, annotated.pairs(), names);
  }

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
   * @throws UsageException if no pair has that many
   */
  Result ofStep(int step) {
    if (step < 1 || step > steps()) {
      throw new UsageException(
          "Invalid --step: %d, no pair of %s has that many intermediate results; run it with --write flows,intermediate"
              .formatted(step, run.table("flows")));
    }

    Dataset<Row> replaced =
        table.withColumn(
            "status",
            functions.expr(
                "if(status = 'ok' and coalesce(size(steps), 0) < %d, '%s', status)"
                    .formatted(step, WITHOUT_STEP)));

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
    int steps = steps();

    for (int step = 1; step <= steps; step++) {
      points.addAll(StepCurves.points(step, ofStep(step).summary()));
    }

    return points;
  }

  private Result of(Dataset<Row> rows) {
    List<PairScore> scores = new ArrayList<>();
    List<UnscoredMetric> gaps = new ArrayList<>();
    List<SummaryRow> summary = new ArrayList<>();

    for (Scorer scorer : scorers) {
      List<PairOutcome> outcomes = outcomes(rows, scorer);
      List<UnscoredMetric> own =
          outcomes.stream().flatMap(outcome -> outcome.gaps(scorer.metrics()).stream()).toList();
      List<PairScore> scored =
          outcomes.stream().filter(PairScore.class::isInstance).map(PairScore.class::cast).toList();

      if (scored.isEmpty()) {
        throw new UsageException(
            "No pair could be scored under %s%n%s"
                .formatted(scorer.protocol(), UnscoredReport.of(own)));
      }

      scores.addAll(scored);
      gaps.addAll(own);
      summary.addAll(new Summary(layout(), manifest, scorer).rows(outcomes));
    }

    return new Result(scores, gaps, summary);
  }

  /** What each listed pair comes to, in the dataset's order. */
  private List<PairOutcome> outcomes(Dataset<Row> rows, Scorer scorer) {
    List<ImagePair> pairs = annotated.pairs();
    Map<String, Found> found = found(rows, scorer, FlowRows.of(pairs, scorer.swapped()));
    UnscoredReason absent =
        scorer.swapped() ? UnscoredReason.NO_SWAPPED_ROW : UnscoredReason.NO_ROW;
    return pairs.stream()
        .map(
            pair ->
                found.containsKey(pair.pairId())
                    ? found.get(pair.pairId()).outcome()
                    : scorer.unscored(pair, absent))
        .toList();
  }

  /** What a pair comes to by a row that serves it. */
  private record Found(int rank, PairOutcome outcome) implements Serializable {

    /** Rows with scores before others, then by rank. */
    static final Comparator<Found> BEST_FIRST =
        Comparator.comparing((Found found) -> found.outcome() instanceof UnscoredPair)
            .thenComparing(Found::rank);
  }

  private Map<String, Found> found(Dataset<Row> rows, Scorer scorer, FlowRows wanted) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<FlowRows> broadcast = context.broadcast(wanted);
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    ImageNames names = ImageNames.below(annotated.root());
    List<Found> all =
        rows.javaRDD()
            .flatMap(
                row ->
                    broadcast.value().of(row.getAs("pair_id")).stream()
                        .map(pair -> found(scorer, pair, row, names, configuration.value()))
                        .iterator())
            .collect();
    broadcast.destroy();
    return all.stream()
        .collect(
            Collectors.toMap(
                one -> one.outcome().pairId(), one -> one, BinaryOperator.minBy(Found.BEST_FIRST)));
  }

  private static Found found(
      Scorer scorer, FlowRows.Wanted wanted, Row row, ImageNames names, Configuration hadoop) {
    ImagePair pair = wanted.pair();
    String source = row.getAs(scorer.swapped() ? "target" : "source");
    String target = row.getAs(scorer.swapped() ? "source" : "target");
    return new Found(
        wanted.rank(),
        names.match(pair, source, target)
            ? scorer.score(pair, row, hadoop)
            : scorer.unscored(pair, UnscoredReason.OTHER_IMAGES));
  }
}
