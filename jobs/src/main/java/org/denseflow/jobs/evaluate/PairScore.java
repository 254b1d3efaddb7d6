package org.denseflow.jobs.evaluate;

import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.jobs.dataset.KeypointTally;

/**
 * The scores of one pair under one protocol.
 *
 * @param pairId the pair
 * @param category its category
 * @param protocol the protocol's name
 * @param values one per metric of the protocol; NaN where it is not defined for the pair
 * @param points keypoints or regions counted
 * @param tally which keypoints were left out
 */
record PairScore(
    String pairId,
    String category,
    String protocol,
    List<Double> values,
    long points,
    KeypointTally tally)
    implements PairOutcome {

  @Override
  public boolean defines(int metric) {
    return !values.get(metric).isNaN();
  }

  @Override
  public boolean failed() {
    return false;
  }

  @Override
  public List<UnscoredMetric> gaps(List<String> metrics) {
    return IntStream.range(0, metrics.size())
        .filter(metric -> !defines(metric))
        .mapToObj(metric -> UnscoredMetric.undefined(this, metrics.get(metric)))
        .toList();
  }
}
