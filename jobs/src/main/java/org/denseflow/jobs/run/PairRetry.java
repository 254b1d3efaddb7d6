package org.denseflow.jobs.run;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.plan.Tile;

/**
 * The failed pairs of a run's committed chunks, which are computed again. The rows that replace a
 * chunk's wait, committed, beside the table until all of them are there: cut off before, the run
 * keeps its rows; cut off while they are copied, the chunk is not committed and computed anew.
 *
 * @param failed ids of the failed pairs of each chunk
 */
record PairRetry(Map<Integer, Set<String>> failed) {
  static final PairRetry NOTHING = new PairRetry(Map.of());

  /** Looks for failed pairs; where there are some, the run is not finished any more. */
  static PairRetry of(
      SparkSession spark, RunDirectory run, PairJob job, List<Integer> committed, PrintStream log) {
    run.removeStaged();
    Map<Integer, Set<String>> failed = new HashMap<>();

    if (!committed.isEmpty()) {
      ParquetTables.read(spark, job.schema(), run.table(job.table()))
          .where("status = 'failed'")
          .select("chunk", "pair_id")
          .collectAsList()
          .forEach(
              row ->
                  failed
                      .computeIfAbsent(row.getInt(0), chunk -> new HashSet<>())
                      .add(row.getString(1)));
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
    return failed.values().stream().mapToLong(Set::size).sum();
  }

  boolean has(int chunk) {
    return failed.containsKey(chunk);
  }

  /** A chunk's tiles with their failed pairs only. */
  List<Tile> of(List<Tile> tiles, int chunk) {
    Set<String> ids = failed.get(chunk);
    return tiles.stream()
        .map(
            tile ->
                new Tile(
                    tile.chunk(),
                    tile.id(),
                    tile.pairs().stream().filter(pair -> ids.contains(pair.pairId())).toList()))
        .filter(tile -> !tile.pairs().isEmpty())
        .toList();
  }

  /** Replaces the failed rows of a chunk by others, and removes what was made of it. */
  void replace(
      SparkSession spark, RunDirectory run, PairJob job, int chunk, Dataset<Row> computed) {
    Dataset<Row> kept =
        ParquetTables.read(spark, job.schema(), run.chunk(job.table(), chunk))
            .where("status <> 'failed'");
    List<String> derived =
        run.tablesWith(chunk).stream().filter(table -> !table.equals(job.table())).toList();
    StagedChunk.replace(spark, run, job.table(), chunk, kept.union(computed), derived);
  }
}
