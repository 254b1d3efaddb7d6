package org.denseflow.jobs.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.evaluate.OutcomeTables;
import org.denseflow.jobs.flow.DerivedOutputs;
import org.denseflow.jobs.masks.MaskTable;
import org.denseflow.jobs.run.FeatureTable;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunTable;
import org.denseflow.jobs.synthesis.FieldTable;
import org.denseflow.jobs.synthesis.ImageTable;
import org.denseflow.jobs.synthesis.PairTable;
import org.denseflow.jobs.training.Curves;
import org.denseflow.jobs.transfer.StylisedTable;

/** Compares two runs of a job, or two evaluations: all tables that one of them has. */
final class RunComparison {
  private static final List<RunTable> TABLES =
      List.of(
          FlowTable.TABLE,
          DerivedOutputs.WARPS_TABLE,
          MaskTable.TABLE,
          StylisedTable.TABLE,
          ImageTable.TABLE,
          PairTable.TABLE,
          FieldTable.TABLE,
          FeatureTable.TABLE,
          Curves.TABLE,
          OutcomeTables.METRICS,
          OutcomeTables.UNSCORED);
  private static final List<String> WEIGHTS =
      List.of("model.safetensors", "projection.safetensors");

  private final SparkSession spark;
  private final RunDirectory run;
  private final RunDirectory with;
  private final TableComparison.Rule rule;

  RunComparison(
      SparkSession spark, RunDirectory run, RunDirectory with, TableComparison.Rule rule) {
    this.spark = spark;
    this.run = run;
    this.with = with;
    this.rule = rule;
  }

  /**
   * What two runs have in common and what not.
   *
   * @param run URI of the first
   * @param with URI of the second
   * @param same whether all compared tables have the same rows, and no table is in one run alone
   * @param tolerance the greatest difference of numbers that is none
   * @param settings in which the runs differ
   * @param alone tables that only one of the runs has
   * @param ignored columns that are not compared, by table
   * @param tables that both have, by name
   */
  record Result(
      String run,
      String with,
      boolean same,
      double tolerance,
      List<SettingDifference> settings,
      List<String> alone,
      Map<String, List<String>> ignored,
      Map<String, TableComparison> tables) {}

  /**
   * Compares tables.
   *
   * @param only the names of those to compare; all if empty
   * @throws UsageException if the runs have none in common, or one of the names is no table's
   */
  Result compare(Set<String> only) {
    if (!names().containsAll(only)) {
      throw new UsageException(
          "Invalid --tables: %s; it takes %s"
              .formatted(String.join(", ", only), String.join(", ", names())));
    }

    requireSameJob();
    Map<String, TableComparison> tables = new TreeMap<>();
    Map<String, List<String>> ignored = new TreeMap<>();
    List<String> alone = new ArrayList<>();

    for (String name : names()) {
      if (!only.isEmpty() && !only.contains(name) || !run.has(name) && !with.has(name)) {
        continue;
      } else if (!run.has(name) || !with.has(name)) {
        alone.add(name);
      } else {
        tables.put(name, compare(name));
        ignored.put(name, ignored(name));
      }
    }

    if (tables.isEmpty()) {
      throw new UsageException(
          "Cannot compare %s with %s: there is no such table in both; give two outputs of one job, with some of %s"
              .formatted(run.uri(), with.uri(), only.isEmpty() ? names() : only));
    }

    return new Result(
        run.uri(),
        with.uri(),
        alone.isEmpty() && tables.values().stream().allMatch(TableComparison::same),
        rule.tolerance(),
        SettingDifference.between(run.manifest(), with.manifest()),
        alone,
        ignored,
        tables);
  }

  /** The tables that can be compared. */
  static List<String> names() {
    return Stream.concat(TABLES.stream().map(RunTable::name), WEIGHTS.stream()).toList();
  }

  private static Optional<RunTable> table(String name) {
    return TABLES.stream().filter(table -> table.name().equals(name)).findFirst();
  }

  private void requireSameJob() {
    String left = run.manifest().map(manifest -> manifest.job()).orElse("");
    String right = with.manifest().map(manifest -> manifest.job()).orElse("");

    if (!left.isEmpty() && !right.isEmpty() && !left.equals(right)) {
      throw new UsageException(
          "Cannot compare %s with %s: %s wrote the one and %s the other; give two runs of one job"
              .formatted(run.uri(), with.uri(), left, right));
    }
  }

  private List<String> ignored(String name) {
    return table(name)
        .map(
            table ->
                Stream.concat(Stream.of(table.schema().fieldNames()), table.varying().stream())
                    .filter(column -> rule.ignores(table, column))
                    .distinct()
                    .sorted()
                    .toList())
        .orElse(List.of());
  }

  private TableComparison compare(String name) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    return table(name)
        .map(this::compare)
        .orElseGet(() -> TensorComparison.of(name, run, with, rule.tolerance(), hadoop));
  }

  private TableComparison compare(RunTable table) {
    TableComparison.Rule rule = this.rule;
    return rows(table, run, "left")
        .join(rows(table, with, "right"), "id", "full_outer")
        .select("id", "left", "left_rows", "right", "right_rows")
        .javaRDD()
        .map(
            row -> {
              String id = row.getString(0);
              TableComparison compared =
                  row.isNullAt(3)
                      ? TableComparison.missing(id)
                      : row.isNullAt(1)
                          ? TableComparison.additional(id)
                          : TableComparison.of(table, id, row.getStruct(1), row.getStruct(3), rule);
              return isTwice(row, 2) || isTwice(row, 4) ? compared.withTwice(id) : compared;
            })
        .fold(TableComparison.NONE, TableComparison::plus);
  }

  private static boolean isTwice(Row row, int count) {
    return !row.isNullAt(count) && row.getLong(count) > 1;
  }

  /** The first row of each id, as a struct, and how many there are. */
  private Dataset<Row> rows(RunTable table, RunDirectory directory, String side) {
    Column[] key =
        table.key().stream()
            .map(part -> functions.expr(part).cast("string"))
            .toArray(Column[]::new);
    Column[] columns =
        Stream.of(table.schema().fieldNames()).map(functions::col).toArray(Column[]::new);
    return ParquetTables.read(spark, table.schema(), directory.table(table.name()))
        .select(functions.concat_ws(" ", key).as("id"), functions.struct(columns).as("row"))
        .groupBy("id")
        .agg(functions.first("row").as(side), functions.count(functions.lit(1)).as(side + "_rows"));
  }
}
