package org.denseflow.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import org.apache.spark.sql.SparkSession;

/** The versions of DenseFlow, Spark, Java and native libraries for a manifest. */
public final class Versions {

  private Versions() {}

  /**
   * DenseFlow's, Spark's, Java's, and the platform and instructions of the native libraries, which
   * the build fixes for the driver and all executors.
   */
  public static List<String> list(SparkSession spark) {
    return List.of(
        denseflow(),
        "spark " + spark.version(),
        "java " + Runtime.version(),
        "native " + build("native"));
  }

  /** DenseFlow's, as the build says: {@code denseflow 0.1.0}. */
  public static String denseflow() {
    return "denseflow " + build("version");
  }

  private static String build(String name) {
    try (InputStream in =
        Versions.class.getResourceAsStream("/org/denseflow/jobs/build.properties")) {
      Properties build = new Properties();
      build.load(in);
      return build.getProperty(name);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read build.properties", e);
    }
  }
}
