package org.denseflow.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.types.StructType;
import org.denseflow.jobs.UsageException;

/** Reads Parquet tables by their exact paths: brackets and asterisks are parts of names. */
public final class ParquetTables {

  private ParquetTables() {}

  /**
   * The rows of a table, or of a chunk of one.
   *
   * @throws UsageException if there is none
   */
  public static Dataset<Row> read(SparkSession spark, StructType schema, String uri) {
    return reader(spark, uri).schema(schema).parquet(uri);
  }

  /** The rows in the files of a folder whose names match a glob. */
  static Dataset<Row> read(SparkSession spark, StructType schema, String uri, String names) {
    return reader(spark, uri).schema(schema).option("pathGlobFilter", names).parquet(uri);
  }

  /** The same with the columns that the files have. */
  public static Dataset<Row> read(SparkSession spark, String uri) {
    return reader(spark, uri).parquet(uri);
  }

  private static DataFrameReader reader(SparkSession spark, String uri) {
    Path path = new Path(uri);

    try {
      if (!path.getFileSystem(spark.sparkContext().hadoopConfiguration()).exists(path)) {
        throw new UsageException(
            "Cannot read %s: there is no such table; give the output of a run that has it"
                .formatted(uri));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + uri, e);
    }

    return spark.read().option(DataSource.GLOB_PATHS_KEY(), "false");
  }
}
