package org.denseflow.jobs;

import org.apache.spark.sql.SparkSession;

/** The Spark session of a job. */
public final class Sessions {

  private Sessions() {}

  /** The session that spark-submit configured; without a master, all cores of this machine. */
  public static SparkSession open(String name) {
    SparkSession.Builder builder = SparkSession.builder().appName("DenseFlow " + name);

    if (System.getProperty("spark.master") == null && SparkSession.getActiveSession().isEmpty()) {
      builder = builder.master("local[*]").config("spark.ui.enabled", "false");
    }

    return builder.getOrCreate();
  }
}
