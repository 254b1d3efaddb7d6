package org.denseflow.jobs.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.KeypointTally;
import org.denseflow.jobs.dataset.PairSource;
import org.denseflow.jobs.plan.PairListReader;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.schemas.RunManifest;
import org.denseflow.schemas.SummaryRow;
import scala.Tuple2;
import scala.Tuple3;

/**
 * The scores of a run's flows, or of the intermediate results kept with them. Executors join pairs
 * and rows, score them and add up; the driver holds sums by category alone.
 */
final class Evaluation {
  /** The status of a row that lacks the intermediate result which is to be scored. */
  static final String WITHOUT_STEP = "without-step";

  private final SparkSession spark;
  private final RunDirectory run;
  private final RunManifest manifest;
  private final List<Scorer> scorers;
  private final String layout;
  private final ImageNames images;
  private final Dataset<Row> pairs;
  private final Dataset<Row> table;

  Evaluation(
      SparkSession spark,
      RunDirectory run,
      RunManifest manifest,
      PairSource annotated,
      List<Scorer> scorers) {
    this.spark = spark;
    this.run = run;
    this.manifest = manifest;
    this.scorers = scorers;
    this.layout = annotated.layout();
    this.images = ImageNames.below(annotated.root());
    this.pairs = FlowRows.pairs(spark, new PairListReader(spark, false).annotated(annotated));
    this.table = ParquetTables.read(spark, FlowTable.SCHEMA, run.table("flows"));
  }

  /**
   * What the pairs of a dataset come to.
   *
   * @param outcomes of each pair and protocol, which executors keep
   * @param summary the averages
   * @param causes why pairs are in no average
   * @param tallies which keypoints were left out, by protocol
   */
  record Result(
      JavaRDD<PairOutcome> outcomes,
      List<SummaryRow> summary,
      List<UnscoredCause> causes,
      Map<String, KeypointTally> tallies) {}

  /** Compares the run's pair ids with the dataset's; see {@link RunPairs#check}. */
  List<String> check(RunPairs.Names names) {
    return RunPairs.check(table, pairs.select("pair_id"), names);
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
      Result result = ofStep(step);
      points.addAll(StepCurves.points(step, result.summary()));
      result.outcomes().unpersist();
    }

    return points;
  }

  private Result of(Dataset<Row> rows) {
    JavaRDD<PairOutcome> outcomes =
        Stream.of(false, true)
            .map(swapped -> scorers.stream().filter(own -> own.swapped() == swapped).toList())
            .filter(own -> !own.isEmpty())
            .map(own -> outcomes(rows, own))
            .reduce(JavaRDD::union)
            .orElseThrow()
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    Map<String, TreeMap<String, ScoreTotals>> totals = totals(outcomes);
    List<SummaryRow> summary = new ArrayList<>();
    List<UnscoredCause> causes = new ArrayList<>();
    Map<String, KeypointTally> tallies = new LinkedHashMap<>();

    for (Scorer scorer : scorers) {
      TreeMap<String, ScoreTotals> categories = totals.get(scorer.protocol());
      ScoreTotals all = new ScoreTotals();
      categories.values().forEach(all::plus);

      if (IntStream.range(0, scorer.metrics().size()).allMatch(m -> all.pairs(m) == 0)) {
        throw new UsageException(
            "No pair could be scored under %s%n%s"
                .formatted(scorer.protocol(), UnscoredCause.report(all.causes())));
      }

      summary.addAll(new Summary(layout, manifest, scorer).rows(categories));
      causes.addAll(all.causes());
      tallies.put(scorer.protocol(), all.tally());
    }

    return new Result(outcomes, summary, causes, tallies);
  }

  /** By protocol and category. */
  private Map<String, TreeMap<String, ScoreTotals>> totals(JavaRDD<PairOutcome> outcomes) {
    Map<String, List<String>> metrics = metrics();
    Map<String, TreeMap<String, ScoreTotals>> totals = new HashMap<>();
    outcomes
        .mapToPair(one -> new Tuple2<>(new Tuple2<>(one.protocol(), one.category()), one))
        .aggregateByKey(
            new ScoreTotals(),
            (sum, one) -> sum.plus(one, metrics.get(one.protocol())),
            (sum, other) -> sum.plus(other))
        .collectAsMap()
        .forEach(
            (key, own) ->
                totals.computeIfAbsent(key._1(), name -> new TreeMap<>()).put(key._2(), own));
    return totals;
  }

  /** The names of each protocol's metrics. */
  private Map<String, List<String>> metrics() {
    return new HashMap<>(
        scorers.stream().collect(Collectors.toMap(Scorer::protocol, Scorer::metrics)));
  }

  /** What each pair comes to, by protocols that all read flows the same way. */
  private JavaRDD<PairOutcome> outcomes(Dataset<Row> rows, List<Scorer> own) {
    boolean swapped = own.get(0).swapped();
    SerializableConfiguration configuration =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    ImageNames names = images;
    JavaRDD<Found> found =
        FlowRows.join(pairs, rows, swapped, own.stream().anyMatch(Scorer::readsRegions))
            .flatMap(
                joined ->
                    own.stream()
                        .map(scorer -> found(scorer, joined, names, configuration.value()))
                        .iterator());
    return swapped ? best(found) : found.map(Found::outcome);
  }

  /** One outcome for each pair and protocol. */
  private static JavaRDD<PairOutcome> best(JavaRDD<Found> found) {
    return found
        .mapToPair(
            one ->
                new Tuple2<>(new Tuple2<>(one.outcome().pairId(), one.outcome().protocol()), one))
        .reduceByKey((one, other) -> Found.BEST_FIRST.compare(one, other) <= 0 ? one : other)
        .values()
        .map(Found::outcome);
  }

  private static Found found(
      Scorer scorer,
      Tuple3<ImagePair, String, Row> joined,
      ImageNames names,
      Configuration hadoop) {
    ImagePair pair = joined._1();
    Row row = joined._3();

    if (row.<String>getAs("pair_id") == null) {
      return new Found(
          Found.ABSENT,
          scorer.unscored(
              pair, scorer.swapped() ? UnscoredReason.NO_SWAPPED_ROW : UnscoredReason.NO_ROW));
    }

    String source = row.getAs(scorer.swapped() ? "target" : "source");
    String target = row.getAs(scorer.swapped() ? "source" : "target");
    return new Found(
        joined._2(),
        names.match(pair, source, target)
            ? scorer.score(pair, row, hadoop)
            : scorer.unscored(pair, UnscoredReason.OTHER_IMAGES));
  }

  /**
   * What a pair comes to by a row that may serve it.
   *
   * @param rank of {@link FlowRows}
   */
  private record Found(String rank, PairOutcome outcome) implements Serializable {
    /** After all ranks. */
    static final String ABSENT = "~";

    /** Rows with scores before others, then by rank. */
    static final Comparator<Found> BEST_FIRST =
        Comparator.comparing((Found found) -> found.outcome() instanceof UnscoredPair)
            .thenComparing(Found::rank);
  }
}
