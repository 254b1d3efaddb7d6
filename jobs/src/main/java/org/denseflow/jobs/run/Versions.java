package org.denseflow.jobs.run;

import java.util.List;
import org.apache.spark.sql.SparkSession;

/** The versions that go into a manifest. */
public final class Versions {

  private Versions() {}

  /** DenseFlow's, Spark's and Java's. */
  public static List<String> list(SparkSession spark) {
    return List.of("denseflow 0.1.0", "spark " + spark.version(), "java " + Runtime.version());
  }
}
