package org.denseflow.training;

import java.io.Serializable;
import java.util.List;

/**
 * The state of a training between two steps, from which it can be continued.
 *
 * @param step steps done
 * @param parameters all parameters, one after the other
 * @param updater what the updater remembers, for instance Adam's two moments
 * @param statistics running means and variances of the batch normalisations, and what was fitted
 *     before the first step
 */
public record TrainerState(long step, float[] parameters, float[] updater, float[] statistics)
    implements Serializable {

  /** Adds another state of the same step to this one, as a step towards their mean. */
  public TrainerState add(TrainerState other) {
    if (step != other.step) {
      throw new IllegalArgumentException(
          "Cannot average states after %d and %d steps".formatted(step, other.step));
    }

    return new TrainerState(
        step,
        add(parameters, other.parameters),
        add(updater, other.updater),
        add(statistics, other.statistics));
  }

  /** Divides all values of this state. */
  public TrainerState divide(int count) {
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

  private static float[] add(float[] to, float[] other) {
    for (int i = 0; i < to.length; i++) {
      to[i] += other[i];
    }

    return to;
  }
}
