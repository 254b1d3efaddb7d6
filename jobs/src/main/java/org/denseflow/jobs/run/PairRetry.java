package org.denseflow.jobs.run;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
 * The failed pairs of a run's committed chunks, which are computed again. The rows that replace a
 * chunk's wait, committed, beside the table until all of them are there: cut off before, the run
 * keeps its rows; cut off while they are copied, the chunk is not committed and computed anew.
 *
 * @param failed how many pairs of each chunk failed
 */
record PairRetry(Map<Integer, Long> failed) {
  static final PairRetry NOTHING = new PairRetry(Map.of());

  /** Looks for failed pairs; where there are some, the run is not finished any more. */
  static PairRetry of(
      SparkSession spark, RunDirectory run, PairJob job, Set<Integer> committed, PrintStream log) {
    run.removeStaged();
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
   * Replaces the failed rows of a chunk by others, and removes what was made of it.
   *
   * @param rows computes the rows of tiles
   * @param tiles of the chunk
   */
  void replace(
      SparkSession spark,
      RunDirectory run,
      PairJob job,
      int chunk,
      Function<JavaRDD<Tile>, Dataset<Row>> rows,
      JavaRDD<Tile> tiles) {
    Dataset<Row> before = ParquetTables.read(spark, job.schema(), run.chunk(job.table(), chunk));
    Set<String> ids =
        new HashSet<>(
            before
                .where("status = 'failed'")
                .select("pair_id")
                .as(Encoders.STRING())
                .collectAsList());
    Dataset<Row> computed =
        rows.apply(
            tiles
                .map(
                    tile ->
                        tile.with(
                            tile.pairs().stream()
                                .filter(pair -> ids.contains(pair.pairId()))
                                .toList()))
                .filter(tile -> !tile.pairs().isEmpty()));
    List<String> derived =
        run.tablesWith(chunk).stream().filter(table -> !table.equals(job.table())).toList();
    StagedChunk.replace(
        spark,
        run,
        job.table(),
        chunk,
        before.where("status <> 'failed'").union(computed),
        derived);
  }
}
