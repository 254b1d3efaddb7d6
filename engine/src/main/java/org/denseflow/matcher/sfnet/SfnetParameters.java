package org.denseflow.matcher.sfnet;

import java.util.List;
import java.util.Optional;

/**
 * Parameters of the training of SFNet.
 *
 * @param adapters one for each tap of the backbone, Section 4.1; with fewer taps the first ones
 * @param initialScale what each unit's normalisation scales by at first; 1 as usual, less keeps the
 *     backbone's features at the start
 * @param beta temperature of the softmax, Eq. 3
 * @param sigma standard deviation of the Gaussian kernel, Eq. 3
 * @param argmax the read-out in training
 * @param maskWeight lambda_mask of Eq. 4, of the mask consistency of Eq. 6-7
 * @param flowWeight lambda_flow of Eq. 4, of the flow consistency of Eq. 8-9
 * @param smoothWeight lambda_smooth of Eq. 4, of the smoothness term of Eq. 10
 * @param maskThreshold a cell is foreground where the object covers more than this share of it
 * @param conventions what the paper leaves open
 */
public record SfnetParameters(
    List<Adapter> adapters,
    double initialScale,
    double beta,
    double sigma,
    Argmax argmax,
    double maskWeight,
    double flowWeight,
    double smoothWeight,
    double maskThreshold,
    SfnetConventions conventions) {

  /**
   * The adaptation layers of one tap: residual units x + ReLU(BN(conv(x))).
   *
   * @param kernel side of the convolution's kernel
   * @param units one after the other
   * @param width channels of a bottleneck around the convolution; our addition, absent in the paper
   */
  public record Adapter(int kernel, int units, Optional<Integer> width) {

    /** Checks the ranges. */
    public Adapter {
      if (kernel < 1 || kernel % 2 == 0) {
        throw new IllegalArgumentException(
            "Invalid kernel: must be odd and positive, found " + kernel);
      }

      if (units < 1) {
        throw new IllegalArgumentException("Invalid units: must be positive, found " + units);
      }

      if (width.isPresent() && width.get() < 1) {
        throw new IllegalArgumentException("Invalid width: must be positive, found " + width.get());
      }
    }
  }

  /** Read-outs, the paper's Table 4. */
  public enum Argmax {
    /** Softmax over all candidates. */
    SOFT,
    /** Softmax over candidates weighed by a Gaussian around the hard argmax, Eq. 2-3. */
    KERNEL
  }

  /** Checks the ranges. */
  public SfnetParameters {
    if (adapters.isEmpty()) {
      throw new IllegalArgumentException("Invalid adapters: at least one is needed");
    }

    if (maskWeight < 0 || flowWeight < 0 || smoothWeight < 0) {
      throw new IllegalArgumentException("Invalid loss weights: must not be negative");
    }

    if (maskWeight + flowWeight == 0) {
      throw new IllegalArgumentException(
          "Invalid loss weights: mask-weight or flow-weight must be positive");
    }
  }

  /** The adapter of a tap. */
  public Adapter adapter(int tap) {
    if (tap >= adapters.size()) {
      throw new IllegalArgumentException(
          "Missing adapter: %d taps, but adapters for %d".formatted(tap + 1, adapters.size()));
    }

    return adapters.get(tap);
  }
}
