package org.denseflow.jobs.plan;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.storage.StorageLevel;

/**
 * The plan of {@link Planner} for lists of any length: blocks of targets are a table, pairs are
 * joined with it, sorted by executors and cut as they come. The driver sees one number, the mean of
 * pairs a target.
 */
final class PlanQuery implements AutoCloseable {
  /** Pairs that a task of planning sorts, about; whole blocks, however large. */
  private static final int PART_PAIRS = 250_000;

  private final Dataset<Row> pairs;
  private final long size;
  private final PlanParameters parameters;
  private final Dataset<Row> targets;

  /**
   * Prepares to plan.
   *
   * @param pairs with the columns of {@link PairList#SCHEMA}
   * @param size how many
   */
  PlanQuery(Dataset<Row> pairs, long size, PlanParameters parameters) {
    this.pairs = pairs;
    this.size = size;
    this.parameters = parameters;
    this.targets =
        pairs
            .groupBy("category", "target")
            .agg(count(lit(1)).as("degree"))
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  /** Frees what was kept. */
  @Override
  public void close() {
    targets.unpersist();
  }

  /** The tiles, in no order. */
  JavaRDD<Tile> tiles() {
    int parts = (int) Math.min(Integer.MAX_VALUE, size / PART_PAIRS + 1);
    PlanParameters own = parameters;
    return pairs
        .join(blocks(), new String[] {"category", "target"})
        .repartitionById(parts, floor(col("block_pairs").divide(PART_PAIRS)).cast("int"))
        .sortWithinPartitions("block", "source", "target", "pair_id")
        .select(
            "block",
            "block_pairs",
            "block_tiles",
            "pair_id",
            "source",
            "target",
            "category",
            "source_mask")
        .javaRDD()
        .mapPartitions(rows -> new TileCutter(placed(rows), own));
  }

  /** The block of each target. */
  private Dataset<Row> blocks() {
    double mean = targets.agg(avg("degree")).first().getDouble(0);
    Column hub =
        when(col("degree").gt(Planner.HUB * mean), col("degree").multiply(-1)).otherwise(0);
    WindowSpec inCategory = Window.partitionBy("category").orderBy(hub, col("target"));
    Dataset<Row> ranked =
        targets.withColumn(
            "in_category",
            floor(row_number().over(inCategory).minus(1).divide(parameters.tileImages())));
    WindowSpec before =
        Window.orderBy("category", "in_category").rowsBetween(Window.unboundedPreceding(), -1);
    Column tiles = floor(col("pairs").minus(1).divide(parameters.step())).plus(1);
    Dataset<Row> blocks =
        ranked
            .groupBy("category", "in_category")
            .agg(sum("degree").as("pairs"))
            .select(
                col("category"),
                col("in_category"),
                before(count(lit(1)), before).as("block"),
                before(sum("pairs"), before).as("block_pairs"),
                before(sum(tiles), before).as("block_tiles"));
    return ranked
        .join(blocks, new String[] {"category", "in_category"})
        .select("category", "target", "block", "block_pairs", "block_tiles");
  }

  private static Column before(Column total, WindowSpec rows) {
    return coalesce(total.over(rows), lit(0L)).cast("long");
  }

  private static Iterator<TileCutter.Placed> placed(Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public TileCutter.Placed next() {
        Row row = rows.next();
        return new TileCutter.Placed(
            new Block(row.getLong(0), row.getLong(1), row.getLong(2)),
            new PlannedPair(
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7)));
      }
    };
  }
}
