package org.denseflow.jobs.plan;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** A plan as a table: one row a pair, a folder a chunk. The driver reads counts alone. */
final class StoredPlan implements RunPlan {
  private static final StructType SCHEMA =
      new StructType()
          .add("tile", DataTypes.IntegerType, false)
          .add("position", DataTypes.IntegerType, false)
          .add("tile_pairs", DataTypes.IntegerType, false)
          .add("tile_targets", DataTypes.IntegerType, false)
          .add("tile_images", DataTypes.IntegerType, false)
          .add("pair_id", DataTypes.StringType, false)
          .add("source", DataTypes.StringType, false)
          .add("target", DataTypes.StringType, false)
          .add("category", DataTypes.StringType, false)
          .add("source_mask", DataTypes.StringType, false);

  private static final int PAIR = SCHEMA.fieldIndex("pair_id");

  private final SparkSession spark;
  private final String uri;
  private final PlanCounts counts;

  /** Reads the counts of a plan that was written. */
  StoredPlan(SparkSession spark, String uri) {
    this.spark = spark;
    this.uri = uri;
    Dataset<Row> rows =
        spark.read().schema(SCHEMA.add("chunk", DataTypes.IntegerType)).parquet(uri);
    List<PlannedChunk> chunks =
        rows
            .where("position = 0")
            .groupBy("chunk")
            .agg(sum("tile_pairs"), count(lit(1)), sum("tile_images"), max("tile_targets"))
            .collectAsList()
            .stream()
            .map(
                row ->
                    new PlannedChunk(
                        row.getInt(0),
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getInt(4)))
            .sorted(Comparator.comparingInt(PlannedChunk::number))
            .toList();
    this.counts = new PlanCounts(chunks, Planning.images(rows));
  }

  /** Writes the table. */
  static void write(SparkSession spark, JavaRDD<Tile> tiles, String uri) {
    spark
        .createDataFrame(
            tiles.flatMap(StoredPlan::rows), SCHEMA.add("chunk", DataTypes.IntegerType, false))
        .write()
        .mode(SaveMode.Overwrite)
        .partitionBy("chunk")
        .parquet(uri);
  }

  @Override
  public PlanCounts counts() {
    return counts;
  }

  @Override
  public JavaRDD<Tile> tiles(int chunk, int partitions) {
    Dataset<Row> rows = spark.read().schema(SCHEMA).parquet("%s/chunk=%d".formatted(uri, chunk));
    Split split = split(rows, partitions);
    return rows.javaRDD()
        .mapToPair(row -> new Tuple2<>(row.getInt(0), row))
        .partitionBy(split)
        .mapPartitions(pairs -> tiles(chunk, pairs));
  }

  private static Split split(Dataset<Row> rows, int partitions) {
    List<Row> tiles =
        rows.where("position = 0")
            .select("tile", "tile_pairs", "tile_images")
            .orderBy("tile")
            .collectAsList();
    return new Split(
        tiles.stream().mapToInt(row -> row.getInt(0)).toArray(),
        tiles.stream().mapToLong(row -> Split.cost(row.getInt(1), row.getInt(2))).toArray(),
        partitions);
  }

  private static Iterator<Row> rows(Tile tile) {
    PlannedChunk own = tile.alone();
    List<Row> rows = new ArrayList<>();

    for (PlannedPair pair : tile.pairs()) {
      rows.add(
          RowFactory.create(
              tile.id(),
              rows.size(),
              (int) own.pairs(),
              own.targets(),
              (int) own.described(),
              pair.pairId(),
              pair.source(),
              pair.target(),
              pair.category(),
              pair.mask(),
              tile.chunk()));
    }

    return rows.iterator();
  }

  private static Iterator<Tile> tiles(int chunk, Iterator<Tuple2<Integer, Row>> pairs) {
    Map<Integer, List<PlannedPair>> tiles = new TreeMap<>();
    pairs.forEachRemaining(
        pair -> {
          Row row = pair._2();
          List<PlannedPair> tile =
              tiles.computeIfAbsent(
                  row.getInt(0), id -> new ArrayList<>(Collections.nCopies(row.getInt(2), null)));
          tile.set(row.getInt(1), PairList.pair(row, PAIR));
        });
    return tiles.entrySet().stream()
        .map(tile -> new Tile(chunk, tile.getKey(), tile.getValue()))
        .iterator();
  }
}
