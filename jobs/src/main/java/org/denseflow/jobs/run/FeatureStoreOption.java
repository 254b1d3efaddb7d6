package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import org.apache.spark.SparkContext;
import picocli.CommandLine.Option;

/** The option of where features are read that were described before. */
public final class FeatureStoreOption {
  private static final String NAME = "--features";

  @Option(
      names = NAME,
      paramLabel = "URI",
      description =
          "Output of DescribeJob: features are read from there, and only images that it lacks or that have changed since are described. Rows are those of a run without it with features.precision=half, which it sets.")
  private String uri = "";

  /** Whether it was given. */
  public boolean isGiven() {
    return !uri.isEmpty();
  }

  /** A job's settings with the precision that stored features have. */
  public Config over(Config options) {
    return uri.isEmpty()
        ? options
        : options.withValue("features.precision", ConfigValueFactory.fromAnyRef("half", NAME));
  }

  /**
   * Opens the features; null without the option.
   *
   * @throws org.denseflow.jobs.UsageException as {@link FeatureStore#open}
   */
  public FeatureStore open(SparkContext spark, MatcherChoice matcher, Reading reading) {
    return uri.isEmpty() ? null : FeatureStore.open(spark, uri, matcher, reading);
  }
}
