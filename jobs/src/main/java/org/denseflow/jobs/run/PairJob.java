package org.denseflow.jobs.run;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.denseflow.jobs.plan.PlanParameters;
import org.denseflow.jobs.plan.Tile;

/** A computation of each pair of a list; {@link PairRun} plans it. */
public interface PairJob {

  /** The job's name, for the manifest. */
  String name();

  /** The table with one row per pair, also for a pair that failed. */
  String table();

  /**
   * Its columns, among them {@code pair_id}, {@code category}, {@code status}, {@code error_code}.
   */
  StructType schema();

  /** How pairs are cut into tiles and chunks. */
  PlanParameters plan();

  /** The numbers of its tables and its method, which are raised when their rows change. */
  String results();

  /** The choice of what matches. */
  MatcherChoice matcher();

  /** The digest of all files besides images that determine the rows. */
  default String digest() {
    return matcher().digest();
  }

  /** About how large the table becomes, for people. */
  String estimate(long pairs);

  /** About how many bytes a row takes, by which pairs are divided into chunks and files. */
  long bytesPerPair();

  /**
   * Computes the rows of a tile.
   *
   * @param fingerprint of the run
   * @param counters of the run
   */
  FlatMapFunction<Tile, Row> task(String fingerprint, Counters counters);

  /** What people should know before a run. */
  default Optional<String> note() {
    return matcher().note();
  }

  /** Leaves with a run that has begun what its pairs were made from. */
  default void begin(RunDirectory run) {}

  /** Writes a chunk of a derived table from the committed rows of that chunk and generation. */
  void derive(RunDirectory run, String table, int chunk, int generation);

  /** What went in, by name, for the manifest. */
  default Map<String, String> inputs() {
    return matcher().inputs();
  }

  /** What came out besides pairs and failures, by name, for the manifest. */
  default Map<String, Long> counts(Dataset<Row> rows) {
    return Map.of();
  }

  /** Leaves with a finished run what else belongs to it: pictures. */
  default void finish(RunDirectory run, Dataset<Row> rows) {}
}
