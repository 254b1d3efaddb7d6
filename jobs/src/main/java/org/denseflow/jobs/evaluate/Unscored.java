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
record Unscored(String pairId, String category, String protocol, Reason reason, String detail)
    implements Outcome {

  @Override
  public boolean defines(int metric) {
    return false;
  }

  @Override
  public List<Gap> gaps(List<String> metrics) {
    return List.of(Gap.of(this));
  }

  @Override
  public boolean failed() {
    return reason == Reason.FAILED;
  }
}
