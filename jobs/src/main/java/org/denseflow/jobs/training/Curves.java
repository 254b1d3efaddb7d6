package org.denseflow.jobs.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunTable;

/**
 * The {@code curves} table: what each step and each validation saw, one row per value. The rows
 * between two checkpoints are one chunk.
 */
public final class Curves {
  /** Its name and the number of its rows. */
  static final ResultNumber RESULTS = new ResultNumber("curves", 1);

  static final StructType SCHEMA =
      new StructType()
          .add("step", DataTypes.LongType)
          .add("part", DataTypes.StringType)
          .add("name", DataTypes.StringType)
          .add("value", DataTypes.DoubleType);

  /** The table as runs are compared by it. */
  public static final RunTable TABLE =
      new RunTable(
          RESULTS.name(),
          SCHEMA,
          List.of("step", "part", "name"),
          Set.of("millis"),
          Map.of(),
          "name");

  private static final String TRAIN = "train";
  private static final String VALIDATION = "validation";

  /** What is recorded of a step besides its losses. */
  private static final Set<String> OTHERS = Set.of("learning-rate", "gradient-norm", "millis");

  private final SparkSession spark;
  private final RunDirectory run;
  private final List<Row> open = new ArrayList<>();
  private final Map<String, TreeMap<Long, Double>> lines = new LinkedHashMap<>();

  Curves(SparkSession spark, RunDirectory run) {
    this.spark = spark;
    this.run = run;
  }

  /** Reads what was committed up to a step. */
  void load(long step, int chunks) {
    for (int chunk = 0; chunk < chunks; chunk++) {
      run.chunk(TABLE.name(), chunk)
          .read(spark, SCHEMA)
          .where("step < " + step)
          .collectAsList()
          .forEach(this::draw);
    }
  }

  /** Adds the steps of a round: the mean of the workers' values, and the longest time. */
  void addSteps(List<RoundResult.Step> steps) {
    Map<Long, List<RoundResult.Step>> numbered = new TreeMap<>();
    steps.forEach(step -> numbered.computeIfAbsent(step.step(), s -> new ArrayList<>()).add(step));
    numbered.forEach(
        (number, own) -> {
          RoundResult.Step first = own.get(0);
          first
              .losses()
              .keySet()
              .forEach(
                  name ->
                      add(number, TRAIN, name, mean(own, s -> s.losses().getOrDefault(name, 0.0))));
          add(number, TRAIN, "learning-rate", first.learningRate());
          add(number, TRAIN, "gradient-norm", mean(own, RoundResult.Step::gradientNorm));
          add(
              number,
              TRAIN,
              "millis",
              own.stream().mapToDouble(RoundResult.Step::millis).max().orElse(0));
        });
  }

  private static double mean(
      List<RoundResult.Step> steps, ToDoubleFunction<RoundResult.Step> value) {
    return steps.stream().mapToDouble(value).average().orElse(0);
  }

  /** Adds the losses of a validation after a step, or before a stage's first. */
  void addValidation(long step, Map<String, Double> losses) {
    losses.forEach((name, value) -> add(step, VALIDATION, name, value));
  }

  private void add(long step, String part, String name, double value) {
    Row row = RowFactory.create(step, part, name, value);
    open.add(row);
    draw(row);
  }

  private void draw(Row row) {
    lines
        .computeIfAbsent(row.getString(1) + " " + row.getString(2), key -> new TreeMap<>())
        .put(row.getLong(0), row.getDouble(3));
  }

  /** Commits the rows since the last time as a chunk. */
  void commit(int chunk) {
    run.chunk(TABLE.name(), chunk).write(spark.createDataFrame(open, SCHEMA).coalesce(1));
    open.clear();
  }

  /** The names of the losses, the total first. */
  List<String> losses() {
    return lines.keySet().stream()
        .map(key -> key.substring(key.indexOf(' ') + 1))
        .filter(name -> !OTHERS.contains(name))
        .distinct()
        .toList();
  }

  /** What training saw of a loss, step by step; empty if nothing. */
  TreeMap<Long, Double> training(String name) {
    return line(TRAIN, name);
  }

  /** What validations saw of a loss; empty if nothing. */
  TreeMap<Long, Double> validation(String name) {
    return line(VALIDATION, name);
  }

  private TreeMap<Long, Double> line(String part, String name) {
    return lines.getOrDefault(part + " " + name, new TreeMap<>());
  }

  /** The totals of training from a step on, in order. */
  List<Double> totals(long from) {
    return new ArrayList<>(training("total").tailMap(from).values());
  }
}
