package org.denseflow.jobs.run;

import java.util.Map;
import org.apache.spark.sql.types.StructType;

/**
 * The table that a job computes chunk by chunk, a row for each thing, also for one that failed.
 *
 * @param name its folder
 * @param schema its columns, among them {@code status}, {@code error_code} and {@code error_detail}
 * @param parquet options of its files besides those of all tables
 * @param things what its rows are of, in the plural
 * @param id the column that names one
 * @param maxFailedFraction share of failed things that is still a success
 */
public record ChunkedTable(
    String name,
    StructType schema,
    Map<String, String> parquet,
    String things,
    String id,
    double maxFailedFraction) {

  /** A table without options of its own. */
  public ChunkedTable(
      String name, StructType schema, String things, String id, double maxFailedFraction) {
    this(name, schema, Map.of(), things, id, maxFailedFraction);
  }
}
