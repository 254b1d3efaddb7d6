package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of how pairs are matched: the method, its features and their projection. */
public final class MethodOptions {

  @Mixin private FeatureOptions features;

  @Option(
      names = "--projection",
      paramLabel = "URI",
      description =
          "Match principal components of the features: projection.safetensors of ProjectionJob.")
  private String projection = "";

  /** The method's preset. */
  public Config preset() {
    return features.preset();
  }

  /** The settings that are given as options. */
  public Config options() {
    return features.options();
  }

  /** The method's name. */
  public String name() {
    return features.name();
  }

  /** Where weights, model and projection lie. */
  public MatcherFiles files() {
    return features.files().withProjection(projection);
  }
}
