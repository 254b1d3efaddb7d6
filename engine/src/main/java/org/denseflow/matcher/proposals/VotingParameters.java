package org.denseflow.matcher.proposals;

/**
 * How potential matches vote for offsets.
 *
 * @param offsets the bins
 * @param threshold a match votes by what its similarity has above this (released code: 0.4; the
 *     paper has none)
 * @param prior added to the votes of each bin (released code: 0.01; the paper has none)
 * @param ballot which matches vote
 * @param smoothings how often votes are smoothed over neighbouring bins by a Gaussian of one bin (0
 *     for SCNet; 1 in the released code's probabilistic Hough matching)
 */
public record VotingParameters(
    OffsetParameters offsets, double threshold, double prior, Ballot ballot, int smoothings) {

  /** Which matches vote. */
  public enum Ballot {
    /** All of them (SCNet, Eq. 9). */
    EVERY_MATCH,
    /** Of each source region's matches in one bin the most similar. */
    BEST_PER_REGION
  }

  /** Checks the ranges. */
  public VotingParameters {
    if (!(threshold >= 0 && threshold < 1 && prior >= 0)) {
      throw new IllegalArgumentException(
          "Invalid voting: threshold must be from 0 to less than 1 and prior not negative, found %s and %s"
              .formatted(threshold, prior));
    }

    if (smoothings < 0 || smoothings > 10) {
      throw new IllegalArgumentException(
          "Invalid voting: smoothings must be 0 to 10, found " + smoothings);
    }
  }
}
