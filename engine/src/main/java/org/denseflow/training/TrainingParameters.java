package org.denseflow.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Parameters of the optimisation: steps, batch, optimiser and stages.
 *
 * @param steps updates in all
 * @param batch pairs of a worker's step
 * @param updater the optimiser
 * @param clipNorm gradients longer than this, all parameters taken together, are shortened to it; 0
 *     for none
 * @param explosion training stops when the loss exceeds its stage's first value by this factor
 * @param stages one after the other; their shares add up to 1
 */
public record TrainingParameters(
    int steps,
    int batch,
    Updater updater,
    double clipNorm,
    double explosion,
    List<TrainingStage> stages) {

  /**
   * A stage with its steps.
   *
   * @param stage what it learns from
   * @param from its first step
   * @param to the first step behind it
   */
  public record Span(TrainingStage stage, int from, int to) {}

  /**
   * The optimiser.
   *
   * @param name of the optimiser
   * @param learningRate at the start
   * @param decay factor on the learning rate at each of {@code decayAt}
   * @param decayAt shares of all steps, ascending
   * @param warmUp share of all steps over which the learning rate rises linearly from 0
   * @param momentum of sgd
   * @param beta1 of adam
   * @param beta2 of adam
   * @param epsilon of adam
   * @param weightDecay share of each parameter that a step takes away, times the learning rate
   */
  public record Updater(
      Name name,
      double learningRate,
      double decay,
      List<Double> decayAt,
      double warmUp,
      double momentum,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay) {

    /** The optimisers. */
    public enum Name {
      /**
       * Kingma and Ba, ICLR 2015, in the order of computation at the end of its Section 2: epsilon
       * is added to the root of the second moment before that is corrected.
       */
      ADAM,
      /** The same with epsilon added to the corrected root, as its Algorithm 1 and PyTorch do. */
      ADAM_CORRECTED,
      /** Gradient descent with Nesterov's momentum. */
      SGD
    }

    /** Checks the ranges. */
    public Updater {
      if (!(learningRate > 0)) {
        throw new IllegalArgumentException(
            "Invalid learning-rate: must be positive, found " + learningRate);
      }

      if (!(warmUp >= 0 && warmUp < 1)) {
        throw new IllegalArgumentException("Invalid warm-up: must be 0 to 1, found " + warmUp);
      }
    }

    private IUpdater of(int steps, double learningRate) {
      ISchedule schedule = schedule(steps, learningRate);
      return switch (name) {
        case ADAM, ADAM_CORRECTED ->
            Adam.builder()
                .learningRateSchedule(schedule)
                .beta1(beta1)
                .beta2(beta2)
                .epsilon(epsilon)
                .build();
        case SGD -> Nesterovs.builder().learningRateSchedule(schedule).momentum(momentum).build();
      };
    }

    /** Makes ND4J's updater, which adds epsilon to the root as it is, ready for a step. */
    void prepare(IUpdater updater, int step) {
      switch (name) {
        case ADAM_CORRECTED ->
            ((Adam) updater).setEpsilon(epsilon * Math.sqrt(1 - Math.pow(beta2, step + 1)));
        case ADAM, SGD -> {}
      }
    }

    private ISchedule schedule(int steps, double learningRate) {
      Map<Integer, Double> rates = new TreeMap<>();
      int warm = (int) Math.round(warmUp * steps);

      for (int step = 0; step < warm; step++) {
        rates.put(step, learningRate * (step + 1) / warm);
      }

      rates.put(warm, learningRate);
      double rate = learningRate;

      for (double share : decayAt) {
        rate *= decay;
        rates.put(Math.max(warm, (int) Math.round(share * steps)), rate);
      }

      return new MapSchedule(ScheduleType.ITERATION, rates);
    }
  }

  /** Checks the ranges. */
  public TrainingParameters {
    if (steps < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "Invalid training: steps and batch must be positive, found %d and %d"
              .formatted(steps, batch));
    }

    if (!(clipNorm >= 0) || !(explosion > 1)) {
      throw new IllegalArgumentException(
          "Invalid training: clip-norm must not be negative and explosion above 1, found %s and %s"
              .formatted(clipNorm, explosion));
    }

    stages = List.copyOf(stages);
    double whole = stages.stream().mapToDouble(stage -> stage.share().orElse(1.0)).sum();

    if (Math.abs(whole - 1) > 1e-6) {
      throw new IllegalArgumentException(
          "Invalid stages: their shares must add up to 1, found " + whole);
    }
  }

  /** One stage, on synthetic pairs. */
  public TrainingParameters(
      int steps, int batch, Updater updater, double clipNorm, double explosion) {
    this(
        steps,
        batch,
        updater,
        clipNorm,
        explosion,
        List.of(
            new TrainingStage(TrainingStage.Pairs.SYNTHETIC, Optional.empty(), Optional.empty())));
  }

  /** All stages in order; those too short for a step are left out. */
  public List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    double share = 0;
    int from = 0;

    for (TrainingStage stage : stages) {
      share += stage.share().orElse(1.0);
      int to = (int) Math.round(share * steps);

      if (to > from) {
        spans.add(new Span(stage, from, to));
        from = to;
      }
    }

    return spans;
  }

  /** The stage that a step belongs to; behind the last step the last one. */
  public Span span(long step) {
    List<Span> spans = spans();
    return spans.stream()
        .filter(span -> step < span.to())
        .findFirst()
        .orElse(spans.get(spans.size() - 1));
  }

  /** A stage's optimiser as ND4J takes it; it counts steps from the stage's first. */
  IUpdater updater(Span span) {
    return updater.of(
        span.to() - span.from(), span.stage().learningRate().orElse(updater.learningRate()));
  }
}
