package org.denseflow.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import org.apache.spark.sql.SparkSession;

/** The versions of DenseFlow, Spark and Java for a manifest; rows do not depend on them. */
public final class Versions {

  private Versions() {}

  /** DenseFlow's, Spark's and Java's. */
  public static List<String> list(SparkSession spark) {
    return List.of(denseflow(), "spark " + spark.version(), "java " + Runtime.version());
  }

  /** DenseFlow's, as the build says: {@code denseflow 0.1.0}. */
  public static String denseflow() {
    try (InputStream in =
        Versions.class.getResourceAsStream("/org/denseflow/jobs/build.properties")) {
      Properties build = new Properties();
      build.load(in);
      return "denseflow " + build.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read build.properties", e);
    }
  }
}
