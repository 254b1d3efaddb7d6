package org.denseflow.transfer;

/**
 * How masks of exemplars become the mask of a target.
 *
 * @param side the longer side in pixels that masks are carried, fused and refined at
 * @param shortlist how many exemplars, the nearest by global feature, are matched with a target
 * @param votes how many of them, the best by matching score, are fused
 * @param confidencePower what a match's confidence is raised to in the vote; 0 counts all alike
 * @param scoreSharpness beta of an exemplar's weight exp(beta · score)
 * @param refinement how the fused mask comes to follow the image's edges
 * @param filter of the guided filter
 * @param grabCut of GrabCut
 */
public record MaskParameters(
    int side,
    int shortlist,
    int votes,
    double confidencePower,
    double scoreSharpness,
    Refinement refinement,
    Filter filter,
    GrabCut grabCut) {

  /** What follows the fusion. */
  public enum Refinement {
    /** Nothing. */
    NONE,
    /** He et al., Guided Image Filtering, ECCV 2010. */
    GUIDED_FILTER,
    /** Rother et al., GrabCut, SIGGRAPH 2004. */
    GRAB_CUT
  }

  /**
   * The guided filter's parameters.
   *
   * @param radius of the windows, in pixels of the working size
   * @param epsilon the variance, of colours in 0..1, below which a window counts as flat
   */
  public record Filter(int radius, double epsilon) {

    /** Refuses values that make no sense. */
    public Filter {
      if (radius < 1 || !(epsilon > 0)) {
        throw new IllegalArgumentException(
            "radius and epsilon must be positive, found %d and %s".formatted(radius, epsilon));
      }
    }
  }

  /**
   * GrabCut's parameters.
   *
   * @param inside above this the fused mask is certainly object
   * @param outside not above this it is certainly background
   * @param iterations of colour models and cut in turn
   */
  public record GrabCut(double inside, double outside, int iterations) {

    /** Refuses values that make no sense. */
    public GrabCut {
      if (!(inside >= 0.5 && inside <= 1 && outside >= 0 && outside <= 0.5) || iterations < 1) {
        throw new IllegalArgumentException(
            "inside must be 0.5 to 1, outside 0 to 0.5, iterations positive, found %s, %s and %d"
                .formatted(inside, outside, iterations));
      }
    }
  }

  /** Refuses values that make no sense. */
  public MaskParameters {
    if (side < 16 || shortlist < 1 || votes < 1) {
      throw new IllegalArgumentException(
          "side must be at least 16, shortlist and votes positive, found %d, %d and %d"
              .formatted(side, shortlist, votes));
    }

    if (!(confidencePower >= 0 && scoreSharpness >= 0)) {
      throw new IllegalArgumentException(
          "confidence-power and score-sharpness must not be negative, found %s and %s"
              .formatted(confidencePower, scoreSharpness));
    }
  }
}
