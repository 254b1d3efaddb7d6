package org.denseflow.matcher.guided;

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
 * @param correctWithin a match counts as correct up to so many cells from the true one
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
    double correctWithin) {

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
}
