package org.denseflow.proposals;

/**
 * A region of the source and its counterpart.
 *
 * @param source in fractions of the source's sides
 * @param target in fractions of the target's sides
 * @param similarity f, the rectified cosine of both (SCNet, Eq. 6), 0..1
 * @param score the larger, the better; comparable within one pair only
 */
public record RegionMatch(RegionBox source, RegionBox target, double similarity, double score) {}
