package org.denseflow.training;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * How parameters are fitted.
 *
 * @param steps updates in all
 * @param batch pairs of a worker's step
 * @param updater the optimiser
 * @param clipNorm gradients longer than this, all parameters taken together, are shortened to it; 0
 *     for none
 * @param explosion training stops when the loss exceeds its first value by this factor
 */
public record TrainingParameters(
    int steps, int batch, Updater updater, double clipNorm, double explosion) {

  /**
   * The optimiser.
   *
   * @param name adam or sgd
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
      /** Kingma and Ba, ICLR 2015. */
      ADAM,
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

    /** As ND4J takes it, with the learning rate of each step. */
    IUpdater of(int steps) {
      ISchedule schedule = schedule(steps);
      return name == Name.ADAM
          ? Adam.builder()
              .learningRateSchedule(schedule)
              .beta1(beta1)
              .beta2(beta2)
              .epsilon(epsilon)
              .build()
          : Nesterovs.builder().learningRateSchedule(schedule).momentum(momentum).build();
    }

    private ISchedule schedule(int steps) {
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
  }
}
