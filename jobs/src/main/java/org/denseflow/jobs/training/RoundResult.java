package org.denseflow.jobs.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.denseflow.training.TrainerState;

/**
 * The result of a training round, of one worker or summed over several.
 *
 * @param worker its number, the smallest of several
 * @param state theirs, or the sum of several
 * @param workers whose states are summed
 * @param steps what each step saw
 * @param layout how the state is cut into tensors
 * @param metadata what the model file says of itself
 * @param divergence why training cannot go on, null if it can
 */
record RoundResult(
    int worker,
    TrainerState state,
    int workers,
    List<Step> steps,
    ModelLayout layout,
    Map<String, String> metadata,
    String divergence)
    implements Serializable {

  /**
   * A worker's step.
   *
   * @param step its number
   * @param learningRate it used
   * @param gradientNorm before clipping
   * @param losses by name
   * @param millis it took
   */
  record Step(
      long step,
      double learningRate,
      double gradientNorm,
      Map<String, Double> losses,
      double millis)
      implements Serializable {}

  /** The sum of results in the order of their workers, so that it is the same each time. */
  static RoundResult sum(Iterable<RoundResult> results) {
    return StreamSupport.stream(results.spliterator(), false)
        .sorted(Comparator.comparingInt(RoundResult::worker))
        .reduce(RoundResult::plus)
        .orElseThrow();
  }

  private RoundResult plus(RoundResult other) {
    List<Step> both = new ArrayList<>(steps);
    both.addAll(other.steps);
    String reason = divergence == null ? other.divergence : divergence;
    TrainerState sum = reason == null ? state.add(other.state) : state;
    return new RoundResult(worker, sum, workers + other.workers, both, layout, metadata, reason);
  }
}
