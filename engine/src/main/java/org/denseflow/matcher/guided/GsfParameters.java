package org.denseflow.matcher.guided;

import java.util.Optional;

/**
 * Parameters of the training of Guided Semantic Flow; lengths are in cells of a 20-cell grid and
 * scale with the grid.
 *
 * @param channels of the pruning network's first layer
 * @param supportSigma how far neighbours count for a match's local support
 * @param threshold rho, Eq. 5: matches trusted less are discarded
 * @param temperature of the softmax over the survivors, Eq. 6; the paper prints none, with which
 *     the result is about the image's centre
 * @param propagationSigma c_P, Eq. 7
 * @param window side of N_i, Eq. 11, odd
 * @param geometryWeight lambda, Eq. 10, of the geometry consistency
 * @param silhouetteWeight of the silhouette consistency, 1 in Eq. 10
 * @param truthWeight of the cross entropy with the true flow of synthetic pairs; our addition
 * @param correctWithin largest distance in cells from the true match at which a match counts as
 *     correct
 * @param matching of the second stage; without it the pruning network is trained alone
 */
public record GsfParameters(
    int channels,
    double supportSigma,
    double threshold,
    double temperature,
    double propagationSigma,
    int window,
    double geometryWeight,
    double silhouetteWeight,
    double truthWeight,
    double correctWithin,
    Optional<Matching> matching) {

  /** Checks the ranges. */
  public GsfParameters {
    if (channels < 1) {
      throw new IllegalArgumentException("Invalid channels: must be positive, found " + channels);
    }

    if (!(threshold > 0 && threshold < 1)) {
      throw new IllegalArgumentException("Invalid threshold: must be 0 to 1, found " + threshold);
    }

    if (!(supportSigma > 0 && propagationSigma > 0 && temperature > 0 && correctWithin > 0)) {
      throw new IllegalArgumentException(
          "Invalid gsf: support-sigma, propagation-sigma, temperature and correct-within must be positive");
    }

    if (window < 1 || window % 2 == 0) {
      throw new IllegalArgumentException(
          "Invalid window: must be odd and positive, found " + window);
    }

    if (!(geometryWeight >= 0 && silhouetteWeight >= 0 && truthWeight >= 0)) {
      throw new IllegalArgumentException("Invalid gsf: weights must not be negative");
    }
  }

  /**
   * Parameters of the matching network and of the losses of the second stage, Eq. 13-15.
   *
   * @param channels between its convolutions
   * @param radius of the window that it sees, in target cells
   * @param modulationSigma c_M, Eq. 8
   * @param beta temperature of its soft argmax
   * @param neighbourhood side of M_i, Eq. 14, odd
   * @param temperature of the softmax over M_i; the paper prints none, with which cosines are all
   *     but equal
   * @param weight lambda_M, Eq. 15
   * @param smoothWeight lambda_sm, Eq. 15
   * @param truthWeight of the distance to the true flow of synthetic pairs; our addition
   */
  public record Matching(
      int channels,
      int radius,
      double modulationSigma,
      double beta,
      int neighbourhood,
      double temperature,
      double weight,
      double smoothWeight,
      double truthWeight) {

    /** Checks the ranges. */
    public Matching {
      if (channels < 1 || radius < 1) {
        throw new IllegalArgumentException(
            "Invalid matching: channels and radius must be positive, found %d and %d"
                .formatted(channels, radius));
      }

      if (neighbourhood < 3 || neighbourhood % 2 == 0) {
        throw new IllegalArgumentException(
            "Invalid neighbourhood: must be odd and at least 3, found " + neighbourhood);
      }

      if (!(modulationSigma > 0 && beta > 0 && temperature > 0)) {
        throw new IllegalArgumentException(
            "Invalid matching: modulation-sigma, beta and temperature must be positive");
      }

      if (!(weight >= 0 && smoothWeight >= 0 && truthWeight >= 0)) {
        throw new IllegalArgumentException("Invalid matching: weights must not be negative");
      }

      if (weight + smoothWeight + truthWeight == 0) {
        throw new IllegalArgumentException("Invalid matching: one of its weights must be positive");
      }
    }

    MatchingNetwork.Window window() {
      return new MatchingNetwork.Window(radius, modulationSigma, beta);
    }
  }
}
