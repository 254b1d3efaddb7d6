package org.denseflow.matcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.matcher.guided.GuidedMatching;
import org.denseflow.matcher.nn.KernelSoftArgmax;
import org.denseflow.matcher.nn.NearestNeighbour;
import org.denseflow.matcher.sfnet.AdaptedBackbone;

/** Makes matchers from their configuration. */
public final class Matchers {

  private static final List<String> METHODS =
      List.of("nn", "mutual-nn", "kernel-soft-argmax", "guided", "sfnet");

  private Matchers() {}

  /** The names of all methods. */
  public static List<String> methods() {
    return METHODS;
  }

  /**
   * Makes a matcher.
   *
   * @param weights the backbone's weight file, where it needs one
   * @param model what TrainJob made: adaptation layers that follow the backbone
   * @throws IllegalArgumentException if method, backbone or taps are unknown, or parameters or the
   *     model are missing
   * @throws org.denseflow.weights.WeightException if weights or model do not fit
   */
  public static DenseMatcher create(
      MethodConfig config, Optional<Path> weights, Optional<Path> model) {
    ReadOut readOut = readOut(config);
    requireModel(config, model);
    Backbone backbone = Backbones.create(backbone(config, weights));
    double share = config.adaptation().orElse(1.0);
    return new CorrelationMatcher(
        config,
        model.isPresent() ? new AdaptedBackbone(backbone, model.get(), share) : backbone,
        readOut);
  }

  /**
   * Checks a configuration without making its backbone.
   *
   * @return the digest of weights and model, as {@link DenseMatcher#weightDigest}
   * @throws IllegalArgumentException as {@link #create}
   * @throws org.denseflow.weights.WeightException if weights or model do not fit
   */
  public static String validate(MethodConfig config, Optional<Path> weights, Optional<Path> model) {
    readOut(config);
    requireModel(config, model);
    BackboneSpec spec = backbone(config, weights);
    String digest = Backbones.validate(spec);
    return model.isPresent()
        ? AdaptedBackbone.validate(model.get(), spec.name(), Backbones.taps(spec), digest)
        : digest;
  }

  private static BackboneSpec backbone(MethodConfig config, Optional<Path> weights) {
    return new BackboneSpec(config.backbone().name(), config.backbone().taps(), weights);
  }

  private static void requireModel(MethodConfig config, Optional<Path> model) {
    if (config.method().equals("sfnet") && model.isEmpty()) {
      throw new IllegalArgumentException(
          "Method sfnet needs a trained model: pass --model, or use kernel-soft-argmax for the features as they are");
    }
  }

  private static ReadOut readOut(MethodConfig config) {
    return switch (config.method()) {
      case "nn" -> new NearestNeighbour(NearestNeighbour.Validity.ALL);
      case "mutual-nn" -> new NearestNeighbour(NearestNeighbour.Validity.MUTUAL);
      case "kernel-soft-argmax", "sfnet" ->
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
