package org.denseflow.jobs.run;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.plan.Tile;

/**
 * The failed pairs of a run's committed chunks, which are computed again. Cut off before a chunk's
 * new rows are there, the run keeps the old ones.
 *
 * @param failed how many pairs of each chunk failed
 */
record PairRetry(Map<Integer, Long> failed) {
  static final PairRetry NOTHING = new PairRetry(Map.of());

  /** Looks for failed pairs; where there are some, the run is not finished any more. */
  static PairRetry of(
      SparkSession spark, RunDirectory run, PairJob job, Set<Integer> committed, PrintStream log) {
    Map<Integer, Long> failed = new HashMap<>();

    if (!committed.isEmpty()) {
      ParquetTables.read(spark, job.schema(), run.table(job.table()))
          .where("status = 'failed'")
          .groupBy("chunk")
          .count()
          .collectAsList()
          .forEach(row -> failed.put(row.getInt(0), row.getLong(1)));
      failed.keySet().retainAll(committed);
    }

    PairRetry retry = new PairRetry(failed);
    log.printf(
        "retried: %s in %d of %d committed chunks%n",
        Counted.of(retry.pairs(), "failed pairs"), failed.size(), committed.size());

    if (!failed.isEmpty()) {
      run.reopen();
    }

    return retry;
  }

  long pairs() {
    return failed.values().stream().mapToLong(Long::longValue).sum();
  }

  boolean has(int chunk) {
    return failed.containsKey(chunk);
  }

  /**
   * The rows of a chunk with those of its failed pairs computed again.
   *
   * @param before its rows
   * @param tiles of the chunk
   * @param compute computes the rows of tiles
   */
  static Dataset<Row> mended(
      Dataset<Row> before, JavaRDD<Tile> tiles, Function<JavaRDD<Tile>, Dataset<Row>> compute) {
    Set<String> ids =
        new HashSet<>(
            before
                .where("status = 'failed'")
                .select("pair_id")
                .as(Encoders.STRING())
                .collectAsList());
    JavaRDD<Tile> failed =
        tiles
            .map(
                tile ->
                    tile.with(
                        tile.pairs().stream().filter(pair -> ids.contains(pair.pairId())).toList()))
            .filter(tile -> !tile.pairs().isEmpty());
    return before.where("status <> 'failed'").union(compute.apply(failed));
  }
}
