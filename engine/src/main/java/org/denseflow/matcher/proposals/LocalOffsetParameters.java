package org.denseflow.matcher.proposals;

/**
 * Parameters of local offset matching.
 *
 * @param distanceFalloff a match loses by its distance in target sides from where its neighbours
 *     predict it: exp(-falloff · distance)
 * @param scaleFalloff likewise by octaves of scale
 * @param overlap regions are neighbours when they share more than this of the smaller one's area
 */
public record LocalOffsetParameters(double distanceFalloff, double scaleFalloff, double overlap) {

  /** Checks the ranges. */
  public LocalOffsetParameters {
    if (!(distanceFalloff >= 0 && scaleFalloff >= 0 && overlap >= 0 && overlap < 1)) {
      throw new IllegalArgumentException(
          "Invalid local offsets: falloffs must not be negative and overlap from 0 to less than 1,"
              + " found %s, %s and %s".formatted(distanceFalloff, scaleFalloff, overlap));
    }
  }
}
