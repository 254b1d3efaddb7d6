package org.denseflow.jobs.plan;

import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.denseflow.jobs.UsageException;
import scala.Tuple2;

/**
 * A plan as a table: one row a pair, a folder a chunk; one more such table for each time that pairs
 * were appended. The driver reads counts alone.
 */
public final class StoredPlan implements RunPlan {
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
  private final List<String> uris;
  private final Map<Integer, String> uriOf = new HashMap<>();
  private final PlanCounts counts;

  /** Reads the counts of a plan that was written, in this order. */
  public StoredPlan(SparkSession spark, List<String> uris) {
    this.spark = spark;
    this.uris = uris;
    Dataset<Row> rows = rows();
    List<PlannedChunk> chunks =
        rows
            .where("position = 0")
            .groupBy("chunk", "part")
            .agg(sum("tile_pairs"), count(lit(1)), sum("tile_images"), max("tile_targets"))
            .collectAsList()
            .stream()
            .map(
                row -> {
                  uriOf.put(row.getInt(0), uris.get(row.getInt(1)));
                  return new PlannedChunk(
                      row.getInt(0), row.getLong(2), row.getLong(3), row.getLong(4), row.getInt(5));
                })
            .sorted(Comparator.comparingInt(PlannedChunk::number))
            .toList();
    this.counts = new PlanCounts(chunks, Planning.images(rows));
  }

  private Dataset<Row> rows() {
    StructType schema = SCHEMA.add("chunk", DataTypes.IntegerType);
    return IntStream.range(0, uris.size())
        .mapToObj(
            part ->
                spark.read().schema(schema).parquet(uris.get(part)).withColumn("part", lit(part)))
        .reduce(Dataset::union)
        .orElseThrow();
  }

  private Dataset<Row> pairs() {
    return rows().select("pair_id", "source", "target", "category", "source_mask");
  }

  /** The size and the digest of the list that was planned, and a sample. */
  public ListSummary summary() {
    return PairList.of(pairs()).summary();
  }

  /** The number after that of the last tile. */
  int nextTile() {
    return rows().agg(max("tile")).first().getInt(0) + 1;
  }

  /**
   * The pairs of a longer list that are not planned yet.
   *
   * @param uri of the run, for people
   * @throws UsageException that names the first pair that is planned, and that the list lacks or
   *     has with other images
   */
  public PairList added(PairList list, String uri) {
    Dataset<Row> all = list.table(spark);
    String[] id = {"pair_id"};
    Dataset<Row> same = all.withColumn("same", concat_ws("\n", cells()));
    pairs()
        .withColumn("planned", concat_ws("\n", cells()))
        .select("pair_id", "planned")
        .join(same.select("pair_id", "same"), id, "left_outer")
        .where("same is null or same <> planned")
        .orderBy("pair_id")
        .limit(1)
        .collectAsList()
        .forEach(
            row -> {
              throw new UsageException(row.isNullAt(2) ? lost(row, uri) : changed(row, uri));
            });
    return PairList.of(all.join(pairs().select("pair_id"), id, "left_anti"));
  }

  private static Column[] cells() {
    return Stream.of("source", "target", "category", "source_mask")
        .map(functions::col)
        .toArray(Column[]::new);
  }

  private static String lost(Row row, String uri) {
    return "Cannot append to %s: its pair %s is not in the list; give the whole list, the pairs of the run and the new ones"
        .formatted(uri, row.getString(0));
  }

  private static String changed(Row row, String uri) {
    return "Cannot append to %s: its pair %s is of %s, in the list it is of %s; give new pairs other ids, or use another --out"
        .formatted(uri, row.getString(0), words(row.getString(1)), words(row.getString(2)));
  }

  private static String words(String cells) {
    return String.join(" ", cells.strip().split("\n+"));
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
    Dataset<Row> rows =
        spark.read().schema(SCHEMA).parquet("%s/chunk=%d".formatted(uriOf.get(chunk), chunk));
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
