package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.Serializable;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.matcher.DenseMatcher;
import org.denseflow.matcher.Matchers;
import org.denseflow.matcher.MethodConfig;
import org.denseflow.schemas.ConfigBinder;
import org.denseflow.schemas.Presets;

/**
 * A matcher that a run has chosen and checked, small enough to travel with a task, which makes it.
 *
 * @param preset the method's configuration, canonical JSON
 * @param weights URI of the weight file, empty without
 * @param model URI of a trained model, empty without
 * @param digest what both must be
 */
public record MatcherChoice(String preset, String weights, String model, String digest)
    implements Serializable {

  /**
   * Checks a choice.
   *
   * @throws org.denseflow.schemas.ConfigException if the configuration is not valid
   * @throws IllegalArgumentException as {@link Matchers#validate}
   */
  public static MatcherChoice of(
      Config preset, String weights, String model, Configuration configuration) {
    MethodConfig method = ConfigBinder.bind(preset, MethodConfig.class);
    String digest =
        Matchers.validate(
            method,
            WeightFiles.local(weights, configuration),
            WeightFiles.local(model, configuration));
    return new MatcherChoice(Presets.canonical(preset), weights, model, digest);
  }

  /** The method with all its parameters. */
  public MethodConfig config() {
    return ConfigBinder.bind(ConfigFactory.parseString(preset), MethodConfig.class);
  }

  /** What a manifest says of it. */
  public Map<String, String> inputs() {
    MethodConfig config = config();
    return Map.of(
        "method", config.method(), "backbone", config.backbone().name(), "weight-digest", digest);
  }

  /**
   * Makes the matcher.
   *
   * @throws IllegalStateException if the files have changed since they were checked
   */
  public DenseMatcher matcher(Configuration configuration) {
    DenseMatcher matcher =
        Matchers.create(
            config(),
            WeightFiles.local(weights, configuration),
            WeightFiles.local(model, configuration));

    if (!matcher.weightDigest().equals(digest)) {
      matcher.close();
      throw new IllegalStateException(
          "Cannot use weights %s: they have changed since the run was planned (%s, then %s)"
              .formatted(weights, matcher.weightDigest(), digest));
    }

    return matcher;
  }
}
