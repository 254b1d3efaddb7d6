package org.denseflow.jobs.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.denseflow.jobs.plan.Plan;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Tile;

/** The {@code plan} table: one row per pair, written before anything is computed. */
final class PlanTable {
  private static final StructType SCHEMA =
      new StructType()
          .add("chunk", DataTypes.IntegerType)
          .add("tile", DataTypes.IntegerType)
          .add("position", DataTypes.IntegerType)
          .add("pair_id", DataTypes.StringType)
          .add("source", DataTypes.StringType)
          .add("target", DataTypes.StringType)
          .add("category", DataTypes.StringType);

  private PlanTable() {}

  static void write(SparkSession spark, Plan plan, String uri) {
    List<Row> rows = new ArrayList<>();

    for (Tile tile : plan.tiles()) {
      for (int i = 0; i < tile.pairs().size(); i++) {
        PlannedPair pair = tile.pairs().get(i);
        rows.add(
            RowFactory.create(
                tile.chunk(),
                tile.id(),
                i,
                pair.pairId(),
                pair.source(),
                pair.target(),
                pair.category()));
      }
    }

    spark.createDataFrame(rows, SCHEMA).coalesce(1).write().mode(SaveMode.Overwrite).parquet(uri);
  }

  static Plan read(SparkSession spark, String uri) {
    Map<Integer, List<Row>> tiles = new TreeMap<>();

    for (Row row : ParquetTables.read(spark, SCHEMA, uri).collectAsList()) {
      tiles.computeIfAbsent(row.getInt(1), id -> new ArrayList<>()).add(row);
    }

    List<Tile> ordered = new ArrayList<>();

    for (Map.Entry<Integer, List<Row>> entry : tiles.entrySet()) {
      List<Row> rows = entry.getValue();
      rows.sort((a, b) -> Integer.compare(a.getInt(2), b.getInt(2)));
      ordered.add(
          new Tile(
              rows.get(0).getInt(0),
              entry.getKey(),
              rows.stream()
                  .map(
                      r ->
                          new PlannedPair(
                              r.getString(3), r.getString(4), r.getString(5), r.getString(6)))
                  .toList()));
    }

    return new Plan(List.copyOf(ordered));
  }
}
