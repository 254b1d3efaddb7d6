package org.denseflow.matcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.matcher.guided.GsfLearner;
import org.denseflow.matcher.sfnet.SfnetLearner;
import org.denseflow.training.Learner;

/** Makes the systems that learn from their configuration. */
public final class Learners {
  private static final List<String> SYSTEMS = List.of("sfnet", "gsf");

  private Learners() {}

  /**
   * Makes a learner.
   *
   * @param weights the backbone's weight file, where it needs one
   * @throws IllegalArgumentException if system, backbone or taps are unknown or parameters are
   *     missing
   * @throws org.denseflow.weights.WeightException if the weights do not fit
   */
  public static Learner create(LearnerConfig config, Optional<Path> weights) {
    requireParameters(config);
    Backbone backbone = Backbones.create(backbone(config, weights));
    return config.system().equals("gsf")
        ? new GsfLearner(config.gsf().get(), backbone, config.image())
        : new SfnetLearner(config.sfnet().get(), backbone, config.image());
  }

  /**
   * Checks a configuration without making its backbone.
   *
   * @return the digest of the backbone's weights, "none" without
   * @throws IllegalArgumentException as {@link #create}
   * @throws org.denseflow.weights.WeightException if the weights do not fit
   */
  public static String validate(LearnerConfig config, Optional<Path> weights) {
    requireParameters(config);
    return Backbones.validate(backbone(config, weights));
  }

  private static void requireParameters(LearnerConfig config) {
    if (!SYSTEMS.contains(config.system())) {
      throw new IllegalArgumentException(
          "Invalid system: %s, expected one of %s".formatted(config.system(), SYSTEMS));
    }

    if (config.system().equals("gsf") ? config.gsf().isEmpty() : config.sfnet().isEmpty()) {
      throw new IllegalArgumentException("Missing configuration: " + config.system());
    }
  }

  private static BackboneSpec backbone(LearnerConfig config, Optional<Path> weights) {
    return new BackboneSpec(config.backbone().name(), config.backbone().taps(), weights);
  }
}
