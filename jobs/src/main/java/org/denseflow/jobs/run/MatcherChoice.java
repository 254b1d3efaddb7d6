package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneChoice;
import org.denseflow.backbone.Backbones;
import org.denseflow.config.Presets;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.MethodConfig;
import org.denseflow.matcher.MethodFiles;
import org.denseflow.matcher.sfnet.AdaptedBackbone;
import org.denseflow.method.ConfiguredMethod;

/**
 * A run's choice of a matcher, checked, and small enough to be sent with a task, which makes the
 * matcher.
 *
 * @param preset the method's configuration, canonical JSON
 * @param files where weights, model and projection lie
 * @param digest what they must be
 */
public record MatcherChoice(String preset, MatcherFiles files, String digest)
    implements Serializable {
  /** The name of a projection in the output of the run that made it, or used it. */
  public static final String PROJECTION = "projection.safetensors";

  /**
   * Checks a choice.
   *
   * @throws IllegalArgumentException as {@link ConfiguredMethod#validate}
   */
  public static MatcherChoice of(Config preset, MatcherFiles files, Configuration configuration) {
    String digest = ConfiguredMethod.of(preset).validate(files.local(configuration));
    return new MatcherChoice(Presets.canonical(preset), files, digest);
  }

  /** The method with all its parameters. */
  public ConfiguredMethod<?> method() {
    return ConfiguredMethod.of(Presets.parseCanonical(preset, "the method's configuration"));
  }

  /** The method's parameters. */
  public MethodConfig<?> config() {
    return method().config();
  }

  /** Its inputs in a manifest, by name. */
  public Map<String, String> inputs() {
    MethodConfig<?> config = config();
    return Map.of(
        "method", config.method(), "backbone", config.backbone().name(), "weight-digest", digest);
  }

  /** What a user should know of the files: that nothing says which backbone a model is for. */
  public Optional<String> note() {
    BackboneChoice backbone = config().backbone();
    return digest.contains(AdaptedBackbone.UNNAMED)
        ? Optional.of(
            "note: %s names no backbone; nothing checks that it was trained on %s %s with these weights"
                .formatted(files.model(), backbone.name(), backbone.taps()))
        : Optional.empty();
  }

  /**
   * Makes the matcher.
   *
   * @throws IllegalStateException if the files have changed since they were checked
   */
  public AnyMatcher matcher(Configuration configuration) {
    AnyMatcher matcher = method().create(files.local(configuration));
    requireSame(matcher, matcher.weightDigest());
    return matcher;
  }

  /**
   * Makes what describes images for the matcher.
   *
   * @throws IllegalStateException if the files have changed since they were checked
   */
  public Backbone features(Configuration configuration) {
    Backbone features = method().features(files.local(configuration));
    requireSame(features, features.weightDigest());
    return features;
  }

  /**
   * The taps that images are described at.
   *
   * @throws IllegalArgumentException if a projection of them is of no use to the method
   */
  public List<String> projectableTaps(Configuration configuration) {
    MethodFiles local = files.local(configuration);
    method().requireProjectable(local);
    return Backbones.taps(config().backbone().spec(local.weights()));
  }

  /** Leaves a copy of the projection, which may be of this run's own images, with a run. */
  public void storeProjection(RunDirectory run, Configuration configuration) {
    if (run.has(PROJECTION)) {
      return;
    }

    WeightFiles.local(files.projection(), configuration)
        .ifPresent(
            file -> {
              try {
                run.replace(PROJECTION, Files.readAllBytes(file));
              } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + files.projection(), e);
              }
            });
  }

  private void requireSame(AutoCloseable made, String found) {
    if (!found.equals(digest)) {
      WorkerPool.close(made);
      throw new IllegalStateException(
          "Cannot use %s: its content has changed since the run was planned (%s, then %s)"
              .formatted(files.names(), digest, found));
    }
  }
}
