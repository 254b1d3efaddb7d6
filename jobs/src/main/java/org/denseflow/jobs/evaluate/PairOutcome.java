package org.denseflow.jobs.evaluate;

import java.io.Serializable;
import java.util.List;

/** The outcome of scoring a pair under one protocol: scores, or a reason why there are none. */
sealed interface PairOutcome extends Serializable permits PairScore, UnscoredPair {

  /** The pair. */
  String pairId();

  /** Its category. */
  String category();

  /** The protocol's name. */
  String protocol();

  /** Whether the protocol's metric of this index counts the pair. */
  boolean defines(int metric);

  /** Whether the run has no flow of the pair because an image is bad. */
  boolean failed();

  /** What is not counted, by the names of the protocol's metrics. */
  List<UnscoredMetric> gaps(List<String> metrics);
}
