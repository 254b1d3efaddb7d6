package org.denseflow.training;

import java.util.Optional;

/**
 * A stage of a training. The optimiser is reset at each; parameters and running statistics are
 * kept.
 *
 * @param pairs what it learns from
 * @param share of all steps; the whole training if absent
 * @param learningRate at its start, instead of the training's
 */
public record TrainingStage(Pairs pairs, Optional<Double> share, Optional<Double> learningRate) {

  /** What a stage learns from. */
  public enum Pairs {
    /** Pairs made of one image each, whose geometry is known. */
    SYNTHETIC,
    /** Pairs of photographs of different things of one kind. */
    IMAGES
  }

  /** Checks the ranges. */
  public TrainingStage {
    if (!(share.orElse(1.0) > 0 && share.orElse(1.0) <= 1)) {
      throw new IllegalArgumentException("Invalid share: must be 0 to 1, found " + share.get());
    }

    if (!(learningRate.orElse(1.0) > 0)) {
      throw new IllegalArgumentException(
          "Invalid learning-rate: must be positive, found " + learningRate.get());
    }
  }
}
