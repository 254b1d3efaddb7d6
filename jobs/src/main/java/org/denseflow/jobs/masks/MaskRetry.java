package org.denseflow.jobs.masks;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.RunDirectory;

/**
 * The tiles of a run's committed chunks that are computed again: those with a failed row. Where an
 * exemplar failed, all of the tile's targets are computed again, for it may vote now.
 *
 * @param targets ids of the failed targets of each tile
 * @param whole tiles with a failed exemplar
 */
record MaskRetry(Map<Integer, Set<String>> targets, Set<Integer> whole) {
  static final MaskRetry NOTHING = new MaskRetry(Map.of(), Set.of());

  /** Looks for failed rows; where there are some, the run is not finished any more. */
  static MaskRetry of(
      SparkSession spark, RunDirectory run, Set<Integer> committed, PrintStream log) {
    Map<Integer, Set<String>> targets = new HashMap<>();
    Set<Integer> whole = new HashSet<>();

    for (Row row : failed(spark, run, committed)) {
      if (row.getString(1).equals(MaskTable.EXEMPLAR)) {
        whole.add(row.getInt(0));
      } else {
        targets.computeIfAbsent(row.getInt(0), tile -> new HashSet<>()).add(row.getString(2));
      }
    }

    log.printf(
        "retried: %d failed targets, and the targets of %d tiles with a failed exemplar%n",
        targets.values().stream().mapToInt(Set::size).sum(), whole.size());

    if (!targets.isEmpty() || !whole.isEmpty()) {
      run.reopen();
    }

    return new MaskRetry(targets, whole);
  }

  private static List<Row> failed(SparkSession spark, RunDirectory run, Set<Integer> committed) {
    return committed.isEmpty()
        ? List.of()
        : ParquetTables.read(spark, MaskTable.SCHEMA, run.table(MaskRun.TABLE))
            .where("status = 'failed'")
            .where(functions.col("chunk").isin(committed.toArray()))
            .select("tile", "role", "image_id")
            .collectAsList();
  }

  /** What is computed again of a chunk's tiles. */
  List<MaskTile> of(List<MaskTile> tiles) {
    return tiles.stream().map(this::of).filter(tile -> !tile.targets().isEmpty()).toList();
  }

  private MaskTile of(MaskTile tile) {
    if (whole.contains(tile.id())) {
      return tile;
    }

    Set<String> ids = targets.getOrDefault(tile.id(), Set.of());
    return tile.withTargets(
        tile.targets().stream().filter(target -> ids.contains(target.id())).toList());
  }

  /** The rows of a chunk that are not computed again. */
  Dataset<Row> kept(Dataset<Row> chunk) {
    return chunk
        .where(functions.not(functions.col("tile").isin(whole.toArray())))
        .where("not (role = 'target' and status = 'failed')")
        .where(
            functions.not(
                functions
                    .col("role")
                    .equalTo(MaskTable.EXEMPLAR)
                    .and(functions.col("tile").isin(targets.keySet().toArray()))));
  }
}
