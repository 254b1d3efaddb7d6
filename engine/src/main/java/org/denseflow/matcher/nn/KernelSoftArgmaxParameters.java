package org.denseflow.matcher.nn;

/**
 * Parameters of the kernel soft argmax.
 *
 * @param beta temperature of the softmax, 50 in SFNet, Section 4.1
 * @param sigma standard deviation of the Gaussian kernel in cells of a 20-cell grid, 5 in SFNet
 */
public record KernelSoftArgmaxParameters(double beta, double sigma) {

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
