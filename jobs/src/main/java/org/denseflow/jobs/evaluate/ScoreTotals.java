package org.denseflow.jobs.evaluate;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.denseflow.jobs.dataset.KeypointTally;
import org.denseflow.metrics.Protocol;
import org.denseflow.metrics.Protocols;

/**
 * What the outcomes of pairs under one protocol add up to. Sums are exact, so that they depend
 * neither on the order of the pairs nor on how executors divide them.
 */
final class ScoreTotals implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TreeMap<Integer, Sum> sums = new TreeMap<>();
  private final TreeMap<UnscoredCause.Key, UnscoredCause> causes = new TreeMap<>();
  private KeypointTally tally = KeypointTally.NONE;
  private long listed;
  private long failed;

  /** Weighted values of a metric, and the pairs and weights that they are of. */
  private record Sum(long pairs, BigDecimal values, long weights) implements Serializable {

    Sum plus(Sum other) {
      return new Sum(pairs + other.pairs, values.add(other.values), weights + other.weights);
    }
  }

  /** How a protocol averages pairs. */
  static Protocol.Averaging averaging(String protocol) {
    return Protocols.isPck(protocol)
        ? Protocols.named(protocol).averaging()
        : Protocol.Averaging.IMAGE;
  }

  /**
   * Adds a pair.
   *
   * @param metrics names of the protocol's metrics
   */
  ScoreTotals plus(PairOutcome outcome, List<String> metrics) {
    listed++;
    failed += outcome.failed() ? 1 : 0;
    outcome.gaps(metrics).forEach(gap -> add(UnscoredCause.of(gap)));

    if (outcome instanceof PairScore score) {
      tally = tally.plus(score.tally());
      long weight = averaging(score.protocol()) == Protocol.Averaging.POINT ? score.points() : 1;
      IntStream.range(0, metrics.size())
          .filter(score::defines)
          .forEach(metric -> add(metric, weighted(score.values().get(metric), weight)));
    }

    return this;
  }

  /** Adds what other pairs add up to. */
  ScoreTotals plus(ScoreTotals other) {
    listed += other.listed;
    failed += other.failed;
    tally = tally.plus(other.tally);
    other.sums.forEach(this::add);
    other.causes.values().forEach(this::add);
    return this;
  }

  private static Sum weighted(double value, long weight) {
    return new Sum(1, new BigDecimal(value).multiply(BigDecimal.valueOf(weight)), weight);
  }

  private void add(int metric, Sum sum) {
    sums.merge(metric, sum, Sum::plus);
  }

  private void add(UnscoredCause cause) {
    causes.merge(cause.key(), cause, UnscoredCause::plus);
  }

  /** Pairs in all. */
  long listed() {
    return listed;
  }

  /** Pairs without a flow. */
  long failed() {
    return failed;
  }

  /** Pairs that a metric is defined for. */
  long pairs(int metric) {
    return sums.containsKey(metric) ? sums.get(metric).pairs() : 0;
  }

  /** The average of a metric; NaN without pairs. */
  double mean(int metric) {
    Sum sum = sums.get(metric);
    return sum == null
        ? Double.NaN
        : sum.values()
            .divide(BigDecimal.valueOf(sum.weights()), MathContext.DECIMAL128)
            .doubleValue();
  }

  /** Which keypoints were left out. */
  KeypointTally tally() {
    return tally;
  }

  /** Why pairs are in no average. */
  List<UnscoredCause> causes() {
    return List.copyOf(causes.values());
  }
}
