package org.denseflow.jobs.run;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;

/** Commits the chunks of tables, safely on an object store too. */
public final class Commit {
  /** For large cells: without these a row group outgrows the heap. */
  static final Map<String, String> PARQUET =
      Map.of(
          "parquet.enable.dictionary", "false",
          "parquet.page.size.row.check.min", "1",
          "parquet.page.size.row.check.max", "8",
          "parquet.block.size", String.valueOf(64 << 20));

  private Commit() {}

  /**
   * Checks before anything is computed that writes to s3a go through the magic committer: without
   * its classes Spark would commit by renaming, which an object store does not do safely.
   */
  public static void prepare(String out, Configuration configuration) {
    if (!"s3a".equals(HadoopFileStore.path(out).toUri().getScheme())) {
      return;
    }

    for (String name :
        new String[] {
          "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
          "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter"
        }) {
      try {
        Class.forName(name);
      } catch (ClassNotFoundException e) {
        throw new UsageException(
            "Cannot write to %s: %s is not on the class path; add spark-hadoop-cloud"
                .formatted(out, name));
      }
    }

    String committer = configuration.get("fs.s3a.committer.name", "file");

    if (committer.equals("file")) {
      throw new UsageException(
          "Cannot write to %s: fs.s3a.committer.name is \"file\"; set it to \"magic\" as conf/spark-s3.conf does"
              .formatted(out));
    }
  }

  /**
   * Writes a chunk of a table in one Spark write, replacing what an earlier one left unfinished.
   *
   * @throws IllegalStateException if it was not committed, or another driver has taken over
   */
  public static void write(Dataset<Row> rows, RunDirectory run, String table, int chunk) {
    run.checkClaim();
    rows.write().mode(SaveMode.Overwrite).options(PARQUET).parquet(run.chunk(table, chunk));

    if (!run.committed(table, chunk)) {
      throw new IllegalStateException(
          "Chunk %d of %s was written but has no _SUCCESS".formatted(chunk, table));
    }
  }
}
