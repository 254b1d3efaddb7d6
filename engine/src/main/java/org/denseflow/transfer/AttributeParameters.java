package org.denseflow.transfer;

/**
 * Parameters of attribute transfer without learned parts.
 *
 * @param size the longer side in pixels that images are worked on at and that results have
 * @param iterations L: how often matching and transfer follow each other, 1..10
 * @param strength what lambda_l = 1 − exp(−l) is multiplied by, 0..1; 0 leaves the source's
 *     attributes
 * @param link share of the source's features that is kept in the blend, 0..1 (b of SAM-Net, Eq. 10)
 * @param window standard deviation in cells of the window that local statistics are taken over
 * @param rounds how often statistics are imposed, with decoding and encoding in between
 * @param inversionSteps gradient steps on the last iteration's image, 0..1000; 0 leaves it as the
 *     decoder makes it
 * @param confidence what a match must exceed to count, 0..1
 * @param border standard deviation in pixels of a mask's soft border
 */
public record AttributeParameters(
    int size,
    int iterations,
    double strength,
    double link,
    double window,
    int rounds,
    int inversionSteps,
    double confidence,
    double border) {

  /** Checks the ranges. */
  public AttributeParameters {
    require(size >= 64 && size <= 1024, "size", "64 to 1024", size);
    require(iterations >= 1 && iterations <= 10, "iterations", "1 to 10", iterations);
    require(strength >= 0 && strength <= 1, "strength", "0 to 1", strength);
    require(link >= 0 && link <= 1, "link", "0 to 1", link);
    require(window > 0 && window <= 32, "window", "above 0, at most 32", window);
    require(rounds >= 1 && rounds <= 10, "rounds", "1 to 10", rounds);
    require(
        inversionSteps >= 0 && inversionSteps <= 1000,
        "inversion-steps",
        "0 to 1000",
        inversionSteps);
    require(confidence >= 0 && confidence < 1, "confidence", "at least 0, below 1", confidence);
    require(border >= 0 && border <= 64, "border", "0 to 64", border);
  }

  private static void require(boolean holds, String key, String range, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "Invalid %s: must be %s, found %s".formatted(key, range, found));
    }
  }

  /** lambda of an iteration, counted from 1 (SAM-Net, Section 4.4; times the strength). */
  public double lambda(int iteration) {
    return strength * (1 - Math.exp(-iteration));
  }
}
