package org.denseflow.proposals;

/**
 * Parameters of region proposals: the generator, how many regions, and which are left out.
 *
 * @param kind where they come from
 * @param count regions per image; fewer where the image has no more (SCNet, Section 5.1: 1000 in
 *     testing, 500 in training)
 * @param border a region that reaches into this share of the image's sides at its border is left
 *     out, unless it covers the whole image (released code: 0.01)
 * @param minSide the shortest side of a region, as a share of the image's shorter side
 * @param seed of everything random, together with the image's pixels
 */
public record ProposalParameters(Kind kind, int count, double border, double minSide, long seed) {

  /** How regions are proposed. */
  public enum Kind {
    /** {@link RandomisedPrim}. */
    RANDOMISED_PRIM,
    /** {@link SelectiveSearch}. */
    SELECTIVE_SEARCH,
    /** {@link SlidingWindow}. */
    SLIDING_WINDOW,
    /** {@link UniformSampling}. */
    UNIFORM
  }

  /** Checks the ranges. */
  public ProposalParameters {
    if (count < 1 || count > 10_000) {
      throw new IllegalArgumentException(
          "Invalid proposals: count must be 1 to 10000, found " + count);
    }

    if (!(border >= 0 && border < 0.5)) {
      throw new IllegalArgumentException(
          "Invalid proposals: border must be from 0 to less than 0.5, found " + border);
    }

    if (!(minSide > 0 && minSide <= 1)) {
      throw new IllegalArgumentException(
          "Invalid proposals: min-side must be greater than 0 and at most 1, found " + minSide);
    }
  }
}
