package org.denseflow.jobs.evaluate;

import java.util.List;

/**
 * A pair that has no scores under a protocol.
 *
 * @param pairId the pair
 * @param category its category
 * @param protocol the protocol's name
 * @param reason why, and what can be done
 * @param detail what a person needs besides, such as the error of a pair that failed; may be ""
 */
record UnscoredPair(
    String pairId, String category, String protocol, UnscoredReason reason, String detail)
    implements PairOutcome {

  @Override
  public boolean defines(int metric) {
    return false;
  }

  @Override
  public List<UnscoredMetric> gaps(List<String> metrics) {
    return List.of(UnscoredMetric.of(this));
  }

  @Override
  public boolean failed() {
    return reason == UnscoredReason.FAILED;
  }
}
