package org.denseflow.training;

import java.io.Serializable;
import java.util.List;

/**
 * All that training goes on from.
 *
 * @param step steps done
 * @param parameters all parameters, one after the other
 * @param updater what the updater remembers, for instance Adam's two moments
 * @param statistics running means and variances of the batch normalisations
 */
public record TrainerState(long step, float[] parameters, float[] updater, float[] statistics)
    implements Serializable {

  /** The sum of two states of the same step, as a step towards their mean. */
  public TrainerState plus(TrainerState other) {
    if (step != other.step) {
      throw new IllegalArgumentException(
          "Cannot average states after %d and %d steps".formatted(step, other.step));
    }

    return new TrainerState(
        step,
        sum(parameters, other.parameters),
        sum(updater, other.updater),
        sum(statistics, other.statistics));
  }

  /** The state with all values divided. */
  public TrainerState dividedBy(int count) {
    if (count == 1) {
      return this;
    }

    for (float[] values : List.of(parameters, updater, statistics)) {
      for (int i = 0; i < values.length; i++) {
        values[i] /= count;
      }
    }

    return this;
  }

  private static float[] sum(float[] to, float[] other) {
    for (int i = 0; i < to.length; i++) {
      to[i] += other[i];
    }

    return to;
  }
}
