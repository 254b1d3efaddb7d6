package org.denseflow.matcher.nn;

/**
 * Parameters of the kernel soft argmax.
 *
 * @param beta temperature of the softmax, Eq. 3; 50 in SFNet, Section 4.1
 * @param sigma standard deviation of the Gaussian kernel; 5 in SFNet, Section 4.1
 * @param sigmaUnit of sigma
 * @param argmax which of SFNet's three read-outs, Table 4
 */
public record KernelSoftArgmaxParameters(
    double beta, double sigma, SigmaUnit sigmaUnit, Argmax argmax) {

  /** SFNet's read-outs. */
  public enum Argmax {
    /** The best candidate. */
    HARD,
    /** The expected position over all candidates, Eq. 2. */
    SOFT,
    /** The expected position over candidates weighed by a Gaussian around the best, Eq. 3. */
    KERNEL
  }

  /** Checks the ranges. */
  public KernelSoftArgmaxParameters {
    if (!(beta > 0)) {
      throw new IllegalArgumentException("Invalid beta: must be positive, found " + beta);
    }

    if (!(sigma > 0)) {
      throw new IllegalArgumentException("Invalid sigma: must be positive, found " + sigma);
    }
  }
}
