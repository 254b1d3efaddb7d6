package org.denseflow.training;

import java.util.Optional;
import org.denseflow.backbone.BackboneChoice;
import org.denseflow.image.WorkingSize;

/**
 * A system to train with all its parameters, as a preset gives them.
 *
 * @param system the system's name
 * @param image the working size
 * @param backbone the frozen backbone; none for {@code codec}
 * @param adaptation the share of a trained SFNet's changes of the features that is used, where the
 *     features are those of one; all if absent
 * @param training how parameters are fitted
 * @param own the system's own parameters
 */
public record LearnerConfig<P extends Record>(
    String system,
    WorkingSize image,
    Optional<BackboneChoice> backbone,
    Optional<Double> adaptation,
    TrainingParameters training,
    P own) {

  /** Checks the ranges. */
  public LearnerConfig {
    if (!(adaptation.orElse(1.0) >= 0 && adaptation.orElse(1.0) <= 1)) {
      throw new IllegalArgumentException(
          "Invalid adaptation: must be from 0 to 1, found " + adaptation.get());
    }

    if (image.matchesRing()) {
      throw new IllegalArgumentException(
          "Invalid image.ring: training cannot leave padding out after matching; set it to before");
    }
  }

  /** The backbone's name, "none" without. */
  public String backboneName() {
    return backbone.map(BackboneChoice::name).orElse("none");
  }

  /** The share of a trained SFNet's changes of the features. */
  public double share() {
    return adaptation.orElse(1.0);
  }
}
