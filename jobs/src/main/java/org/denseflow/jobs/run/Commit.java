package org.denseflow.jobs.run;

import org.apache.hadoop.conf.Configuration;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.HadoopFileStore;

/** What makes a chunk's write safe on an object store. */
public final class Commit {

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

  /** Checks that a chunk's write was committed. */
  public static void verify(RunDirectory run, String table, int chunk) {
    if (!run.committed(table, chunk)) {
      throw new IllegalStateException(
          "Chunk %d of %s was written but has no _SUCCESS".formatted(chunk, table));
    }
  }
}
