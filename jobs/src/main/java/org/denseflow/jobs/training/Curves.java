package org.denseflow.jobs.training;

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
import org.denseflow.jobs.run.Commit;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.RunDirectory;

/**
 * The {@code curves} table: what each step and each validation saw, one row per value. The rows
 * between two checkpoints are one chunk.
 */
final class Curves {
  static final String TABLE = "curves";
  static final StructType SCHEMA =
      new StructType()
          .add("step", DataTypes.LongType)
          .add("part", DataTypes.StringType)
          .add("name", DataTypes.StringType)
          .add("value", DataTypes.DoubleType);

  private final SparkSession spark;
  private final RunDirectory run;
  private final List<Row> open = new ArrayList<>();
  private final Map<String, TreeMap<Long, Double>> lines = new TreeMap<>();

  Curves(SparkSession spark, RunDirectory run) {
    this.spark = spark;
    this.run = run;
  }

  /** Reads what was committed up to a step. */
  void load(long step, int chunks) {
    for (int chunk = 0; chunk < chunks; chunk++) {
      spark
          .read()
          .schema(SCHEMA)
          .parquet(run.chunk(TABLE, chunk))
          .where("step < " + step)
          .collectAsList()
          .forEach(this::draw);
    }
  }

  void add(long step, String part, String name, double value) {
    Row row = RowFactory.create(step, part, name, value);
    open.add(row);
    draw(row);
  }

  private void draw(Row row) {
    lines
        .computeIfAbsent(row.getString(1) + " " + row.getString(2), key -> new TreeMap<>())
        .put(row.getLong(0), row.getDouble(3));
  }

  /** Commits the rows since the last time as a chunk. */
  void commit(int chunk) {
    spark
        .createDataFrame(open, SCHEMA)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .options(FlowTable.PARQUET)
        .parquet(run.chunk(TABLE, chunk));
    Commit.verify(run, TABLE, chunk);
    open.clear();
  }

  /** A line by its name, step by step; empty if there is none. */
  TreeMap<Long, Double> line(String part, String name) {
    return lines.getOrDefault(part + " " + name, new TreeMap<>());
  }

  /** The totals of training, in order. */
  List<Double> totals() {
    return new ArrayList<>(line("train", "total").values());
  }
}
