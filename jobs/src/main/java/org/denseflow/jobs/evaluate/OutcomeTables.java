package org.denseflow.jobs.evaluate;

import static org.apache.spark.sql.functions.col;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunTable;
import org.denseflow.schemas.SummaryRow;

/** Writes what each pair came to, by executors, in order of pair ids. */
public final class OutcomeTables {
  /** The {@code metrics} table, one row per pair, protocol and metric. */
  public static final RunTable METRICS =
      new RunTable(
          "metrics",
          new StructType()
              .add("pair_id", DataTypes.StringType)
              .add("category", DataTypes.StringType)
              .add("protocol", DataTypes.StringType)
              .add("metric", DataTypes.StringType)
              .add("value", DataTypes.DoubleType)
              .add("points", DataTypes.LongType),
          List.of("pair_id", "protocol", "metric"),
          Set.of(),
          Map.of(),
          "metric");

  /** The {@code unscored} table, one row per pair, protocol and metric that does not count it. */
  public static final RunTable UNSCORED =
      new RunTable(
          "unscored",
          new StructType()
              .add("pair_id", DataTypes.StringType)
              .add("category", DataTypes.StringType)
              .add("protocol", DataTypes.StringType)
              .add("metric", DataTypes.StringType)
              .add("reason", DataTypes.StringType)
              .add("detail", DataTypes.StringType),
          List.of("pair_id", "protocol", "metric"),
          Set.of(),
          Map.of());

  private static final long ROWS_PER_FILE = 500_000;

  private final SparkSession spark;
  private final Map<String, List<String>> metrics;

  OutcomeTables(SparkSession spark, List<Scorer> scorers) {
    this.spark = spark;
    this.metrics =
        new HashMap<>(
            scorers.stream().collect(Collectors.toMap(Scorer::protocol, Scorer::metrics)));
  }

  /** Writes both tables, replacing those that are there. */
  void write(Evaluation.Result result, RunDirectory output) {
    Map<String, List<String>> names = metrics;
    write(
        METRICS,
        result.outcomes().flatMap(one -> scores(one, names.get(one.protocol())).iterator()),
        result.summary().stream()
            .filter(row -> row.category().equals("all"))
            .mapToLong(SummaryRow::pairs)
            .sum(),
        output);
    write(
        UNSCORED,
        result
            .outcomes()
            .flatMap(one -> one.gaps(names.get(one.protocol())).iterator())
            .map(OutcomeTables::row),
        result.causes().stream().mapToLong(UnscoredCause::pairs).sum(),
        output);
  }

  private void write(RunTable table, JavaRDD<Row> rows, long count, RunDirectory output) {
    spark
        .createDataFrame(rows, table.schema())
        .repartitionByRange((int) (count / ROWS_PER_FILE) + 1, col("pair_id"))
        .sortWithinPartitions("pair_id", "protocol", "metric")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(output.table(table.name()));
  }

  private static List<Row> scores(PairOutcome outcome, List<String> metrics) {
    return outcome instanceof PairScore score
        ? IntStream.range(0, metrics.size())
            .filter(score::defines)
            .mapToObj(
                metric ->
                    RowFactory.create(
                        score.pairId(),
                        score.category(),
                        score.protocol(),
                        metrics.get(metric),
                        score.values().get(metric),
                        score.points()))
            .toList()
        : List.of();
  }

  private static Row row(UnscoredMetric gap) {
    return RowFactory.create(
        gap.pairId(),
        gap.category(),
        gap.protocol(),
        gap.metric(),
        gap.reason().words(),
        gap.detail());
  }
}
