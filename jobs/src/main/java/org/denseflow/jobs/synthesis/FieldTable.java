package org.denseflow.jobs.synthesis;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.denseflow.flow.FlowField;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunTable;
import org.denseflow.synthesis.GroundTruth;
import org.denseflow.synthesis.PairRecipe;

/**
 * The {@code fields} table: the true flow of each pair at every pixel, both ways, as {@code
 * [view_height, view_width, 2]} (dx, dy) in fractions of the view's sides, little-endian floats,
 * with validity as bytes.
 */
public final class FieldTable {
  /** Its name and the number of its rows. */
  static final ResultNumber RESULTS = new ResultNumber("fields", 1);

  private static final StructType SCHEMA =
      new StructType()
          .add("pair_id", DataTypes.StringType)
          .add("source_to_target", DataTypes.BinaryType)
          .add("source_valid", DataTypes.BinaryType)
          .add("target_to_source", DataTypes.BinaryType)
          .add("target_valid", DataTypes.BinaryType);

  /** The table as runs are compared by it. */
  public static final RunTable TABLE =
      new RunTable(
          RESULTS.name(),
          SCHEMA,
          List.of("pair_id"),
          Set.of(),
          Map.of(
              "source_to_target", RunTable.Stored.SINGLE,
              "source_valid", RunTable.Stored.BYTES,
              "target_to_source", RunTable.Stored.SINGLE,
              "target_valid", RunTable.Stored.BYTES));

  private FieldTable() {}

  /** Writes the fields of a committed chunk of pairs, of this generation. */
  static void write(SparkSession spark, RunDirectory run, int chunk, int generation) {
    JavaRDD<Row> rows =
        run.chunk("pairs", chunk)
            .read(spark, PairTable.SCHEMA)
            .where("status = 'ok'")
            .javaRDD()
            .mapPartitions(FieldTable::rows);
    run.chunk(RESULTS.name(), chunk).write(spark.createDataFrame(rows, SCHEMA), generation);
  }

  private static Iterator<Row> rows(Iterator<Row> pairs) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return pairs.hasNext();
      }

      @Override
      public Row next() {
        Row row = pairs.next();
        PairRecipe recipe = PairTable.recipe(row);
        FlowField there = GroundTruth.flow(recipe, recipe.viewWidth(), recipe.viewHeight());
        FlowField back =
            GroundTruth.flow(recipe.reversed(), recipe.viewWidth(), recipe.viewHeight());
        return RowFactory.create(
            row.getString(0),
            FlowTable.bytes(there.displacement()),
            FlowTable.bytes(there.valid()),
            FlowTable.bytes(back.displacement()),
            FlowTable.bytes(back.valid()));
      }
    };
  }
}
