package org.denseflow.jobs;

import org.apache.spark.sql.SparkSession;
import scala.Option;

/** The Spark session of a job. */
public final class Sessions {
  /** Off, since S3A does not try these again when an answer is cut off, as it does other reads. */
  private static final String VECTORED_READS = "parquet.hadoop.vectored.io.enabled";

  private Sessions() {}

  /** The session that spark-submit configured; without a master, all cores of this machine. */
  public static SparkSession open(String name) {
    SparkSession.Builder builder = SparkSession.builder().appName("DenseFlow " + name);

    if (System.getProperty("spark.master") == null && SparkSession.getActiveSession().isEmpty()) {
      builder = builder.master("local[*]").config("spark.ui.enabled", "false");
    }

    SparkSession session = builder.getOrCreate();
    session.sparkContext().hadoopConfiguration().setIfUnset(VECTORED_READS, "false");
    return session;
  }

  /**
   * Ends the session, if there is one, in order: at the end of the process its parts end at once.
   */
  static void close() {
    Option<SparkSession> session = SparkSession.getDefaultSession();

    if (session.isDefined()) {
      session.get().stop();
    }
  }
}
