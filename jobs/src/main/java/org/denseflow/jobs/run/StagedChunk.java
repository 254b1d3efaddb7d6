package org.denseflow.jobs.run;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** Replaces a committed chunk by rows that are computed from its own. */
public final class StagedChunk {

  private StagedChunk() {}

  /**
   * Writes rows beside the table, then puts them into the chunk's place.
   *
   * @param derived tables whose chunk was made of the old rows; it is removed
   */
  public static void replace(
      SparkSession spark,
      RunDirectory run,
      String table,
      int chunk,
      Dataset<Row> rows,
      List<String> derived) {
    String staged = run.staged(table, chunk);
    run.checkClaim();
    rows.write().mode(SaveMode.Overwrite).options(Commit.PARQUET).parquet(staged);
    derived.forEach(other -> run.removeChunk(other, chunk));
    Commit.write(ParquetTables.read(spark, rows.schema(), staged), run, table, chunk);
  }
}
