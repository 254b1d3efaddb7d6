package org.denseflow.jobs.training;

import org.denseflow.jobs.run.InputSettings;
import org.denseflow.jobs.run.LimitSettings;
import org.denseflow.jobs.run.Reading;

/**
 * The settings of {@code conf/train.conf}.
 *
 * @param averaging how workers are brought together
 * @param validation what is scored on the way
 * @param checkpoint what is kept on the way
 * @param examples what workers keep on their disks
 * @param limits what an image may be
 * @param input how its pixels are understood
 */
public record TrainJobParameters(
    Averaging averaging,
    Validation validation,
    Checkpoint checkpoint,
    Examples examples,
    LimitSettings limits,
    InputSettings input) {

  /** How images and masks are read. */
  public Reading reading() {
    return Reading.of(limits, input);
  }

  /**
   * How the workers' states are averaged.
   *
   * @param steps that each makes by itself between two averages
   */
  public record Averaging(int steps) {}

  /**
   * What is scored on the way.
   *
   * @param share of the images that training does not see
   * @param pairs of theirs that are scored
   * @param every steps from one validation to the next
   */
  public record Validation(double share, int pairs, int every) {}

  /**
   * What is kept on the way.
   *
   * @param every steps from one checkpoint to the next
   * @param keep newest ones that stay
   */
  public record Checkpoint(int every, int keep) {}

  /**
   * What workers keep on their disks.
   *
   * @param cacheBytes at most
   */
  public record Examples(long cacheBytes) {}

  /** Checks the ranges. */
  public TrainJobParameters {
    int k = averaging.steps();

    if (k < 1 || checkpoint.every() < 1 || checkpoint.keep() < 1 || validation.every() < 1) {
      throw new IllegalArgumentException(
          "averaging.steps, checkpoint.every, checkpoint.keep and validation.every must be positive");
    }

    if (checkpoint.every() % k != 0 || validation.every() % k != 0) {
      throw new IllegalArgumentException(
          "checkpoint.every and validation.every must be multiples of averaging.steps, found %d and %d for %d"
              .formatted(checkpoint.every(), validation.every(), k));
    }

    if (!(validation.share() >= 0 && validation.share() < 1)) {
      throw new IllegalArgumentException(
          "validation.share must be 0 to 1, found " + validation.share());
    }
  }
}
