package org.denseflow.jobs.evaluate;

/**
 * A pair that a metric does not count, a row of the {@code unscored} table.
 *
 * @param metric "all" where no metric of the protocol counts it
 * @param reason why, and what can be done
 * @param detail what a person needs besides, such as the error of a pair that failed; may be ""
 */
record UnscoredMetric(
    String pairId,
    String category,
    String protocol,
    String metric,
    UnscoredReason reason,
    String detail) {
  static final String ALL = "all";

  /** Of a pair that has no scores. */
  static UnscoredMetric of(UnscoredPair pair) {
    return new UnscoredMetric(
        pair.pairId(), pair.category(), pair.protocol(), ALL, pair.reason(), pair.detail());
  }

  /** Of a pair for which a metric is not defined. */
  static UnscoredMetric undefined(PairScore pair, String metric) {
    return new UnscoredMetric(
        pair.pairId(), pair.category(), pair.protocol(), metric, UnscoredReason.UNDEFINED, "");
  }
}
