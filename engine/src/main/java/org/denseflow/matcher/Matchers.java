package org.denseflow.matcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.matcher.guided.GuidedMatching;
import org.denseflow.matcher.nn.KernelSoftArgmax;
import org.denseflow.matcher.nn.NearestNeighbour;

/** Makes matchers from their configuration. */
public final class Matchers {

  private static final List<String> METHODS =
      List.of("nn", "mutual-nn", "kernel-soft-argmax", "guided");

  private Matchers() {}

  /** The names of all methods. */
  public static List<String> methods() {
    return METHODS;
  }

  /**
   * Makes a matcher.
   *
   * @param weights the backbone's weight file, where it needs one
   * @throws IllegalArgumentException if method, backbone or taps are unknown or parameters are
   *     missing
   * @throws org.denseflow.weights.WeightException if the weights do not fit
   */
  public static DenseMatcher create(MethodConfig config, Optional<Path> weights) {
    ReadOut readOut = readOut(config);
    return new CorrelationMatcher(
        config,
        Backbones.create(
            new BackboneSpec(config.backbone().name(), config.backbone().taps(), weights)),
        readOut);
  }

  /**
   * Checks a configuration without making its backbone.
   *
   * @throws IllegalArgumentException if the method is unknown or parameters are missing
   */
  public static void validate(MethodConfig config) {
    readOut(config);
  }

  private static ReadOut readOut(MethodConfig config) {
    return switch (config.method()) {
      case "nn" -> new NearestNeighbour(NearestNeighbour.Validity.ALL);
      case "mutual-nn" -> new NearestNeighbour(NearestNeighbour.Validity.MUTUAL);
      case "kernel-soft-argmax" ->
          new KernelSoftArgmax(required(config.kernelSoftArgmax(), "kernel-soft-argmax"));
      case "guided" -> new GuidedMatching(required(config.guided(), "guided"));
      default ->
          throw new IllegalArgumentException(
              "Invalid method: %s, expected one of %s".formatted(config.method(), METHODS));
    };
  }

  private static <T> T required(Optional<T> parameters, String key) {
    return parameters.orElseThrow(
        () -> new IllegalArgumentException("Missing configuration: " + key));
  }
}
