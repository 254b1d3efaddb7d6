package org.denseflow.jobs.run;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;

/** Writes the files of tables, safely on an object store too. */
public final class Commit {
  /** For large cells: without these a row group outgrows the heap. */
  static final Map<String, String> PARQUET =
      Map.of(
          "parquet.enable.dictionary", "false",
          "parquet.page.size.row.check.min", "1",
          "parquet.page.size.row.check.max", "8",
          "parquet.block.size", String.valueOf(64 << 20));

  /**
   * Of the committers: no marker, and no uploads ended besides their own. Those of all others to
   * the same folder would be by default.
   */
  private static final Map<String, String> OWN_FILES =
      Map.of(
          "mapreduce.fileoutputcommitter.marksuccessfuljobs", "false",
          "fs.s3a.committer.abort.pending.uploads", "false");

  /** The folder where files are written that are then renamed; a committer shares its folder. */
  static final String ATTEMPTS = "_attempts";

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
   * Writes rows into a folder as Parquet files that are whole where they appear, under names that
   * begin with {@code part-ATTEMPT-}. No other file there is touched.
   *
   * @param parquet options besides those of all tables
   * @return the names
   */
  static List<String> write(
      Dataset<Row> rows, RunFiles files, Path folder, String attempt, Map<String, String> parquet) {
    String own = "part-" + attempt;
    Path to = files.isObjectStore() ? folder : files.path(ATTEMPTS + "/" + attempt);
    rows.write()
        .mode(SaveMode.Append)
        .options(PARQUET)
        .options(parquet)
        .options(OWN_FILES)
        .option("mapreduce.output.basename", own)
        .parquet(to.toString());
    List<String> names =
        files.names(to).stream().filter(name -> name.startsWith(own + "-")).sorted().toList();

    if (names.isEmpty()) {
      throw new IllegalStateException("Rows were written to %s, but are not there".formatted(to));
    }

    if (!files.isObjectStore()) {
      names.forEach(name -> files.move(new Path(to, name), new Path(folder, name)));
      files.delete(to);
    }

    return names;
  }
}
