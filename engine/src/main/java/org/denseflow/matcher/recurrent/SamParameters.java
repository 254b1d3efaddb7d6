package org.denseflow.matcher.recurrent;

/**
 * Parameters of the training of SAM-Net beside those of its recurrent matching, {@link
 * RtnParameters}.
 *
 * @param strength that lambda_l = 1 - exp(-l) is multiplied by; 0 leaves the attribute transfer out
 * @param scale cells of the style features on a side of a cell of the matching grid
 * @param styleShare how much the style features count at first in the features that are matched,
 *     beside the backbone's
 * @param droplink probability that a level's features are those of the source, Eq. 10
 * @param loss on matched and stylised features
 * @param patchRadius of N_i, Eq. 11, in cells
 * @param truncation tau, Eq. 12
 * @param contentWeight of the content loss, Eq. 2
 * @param smoothWeight of the squared steepness of the stylised image
 * @param imageWeight of the distance of the stylised image to the source, on synthetic pairs, whose
 *     views have the same attributes
 */
public record SamParameters(
    double strength,
    int scale,
    double styleShare,
    double droplink,
    Loss loss,
    int patchRadius,
    double truncation,
    double contentWeight,
    double smoothWeight,
    double imageWeight) {

  /** What is minimised over matched and stylised features. */
  public enum Loss {
    /** Eq. 12-13. */
    CROSS_ENTROPY,
    /** Eq. 11. */
    DISTANCE
  }

  /** Checks the ranges. */
  public SamParameters {
    requireShare("strength", strength);
    requireShare("droplink", droplink);
    requireShare("style-share", styleShare);

    if (scale < 1 || scale > 16) {
      throw new IllegalArgumentException("Invalid scale: must be 1 to 16, found " + scale);
    }

    if (patchRadius < 0) {
      throw new IllegalArgumentException(
          "Invalid patch-radius: must not be negative, found " + patchRadius);
    }

    if (!(truncation >= 0 && contentWeight >= 0 && smoothWeight >= 0 && imageWeight >= 0)) {
      throw new IllegalArgumentException(
          "Invalid samnet: truncation and weights must not be negative");
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "Invalid %s: must be from 0 to 1, found %s".formatted(name, value));
    }
  }

  /** Whether images are stylised at all. */
  boolean transfers() {
    return strength > 0;
  }
}
