package org.denseflow.jobs.evaluate;

import java.io.Serializable;
import java.util.List;

/**
 * One pair under one protocol.
 *
 * @param pairId the pair
 * @param category its category
 * @param protocol the protocol's name
 * @param metrics the metrics' names
 * @param values one per metric
 * @param points keypoints counted; 0 where the pair has nothing to score
 */
record PairScore(
    String pairId,
    String category,
    String protocol,
    List<String> metrics,
    List<Double> values,
    long points)
    implements Serializable {}
