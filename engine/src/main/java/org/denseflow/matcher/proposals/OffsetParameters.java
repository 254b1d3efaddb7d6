package org.denseflow.matcher.proposals;

/**
 * The grid of offsets that potential matches vote on (SCNet, Section 3.2): where a match of two
 * regions, position and scale alone, carries a reference point of the source, and by how much it
 * scales.
 *
 * @param reference the point that is carried
 * @param cell side of a location bin, as a share of the target's sides
 * @param scaleStep width of a scale bin in octaves (released code: 0.2, 40 bins over 8 octaves)
 * @param maxScale largest change of scale either way, in octaves; other matches score nothing
 *     (released code: 4)
 * @param maxAspect largest ratio of the two aspect ratios; other matches score nothing (released
 *     code: 2)
 */
public record OffsetParameters(
    Reference reference, double cell, double scaleStep, double maxScale, double maxAspect) {

  /** A point of the source image. */
  public enum Reference {
    /** The bottom right corner, as in the released code. */
    CORNER,
    /** The centre. */
    CENTER,
    /** Each region's own centre: the offset is that of the two regions' centres. */
    REGION
  }

  /** Checks the ranges. */
  public OffsetParameters {
    if (!(cell >= 0.01 && cell <= 1)) {
      throw new IllegalArgumentException(
          "Invalid offsets: cell must be from 0.01 to 1, found " + cell);
    }

    if (!(scaleStep >= 0.05 && maxScale >= scaleStep && maxScale <= 8)) {
      throw new IllegalArgumentException(
          "Invalid offsets: scale-step must be at least 0.05 and max-scale from it to 8, found %s and %s"
              .formatted(scaleStep, maxScale));
    }

    if (!(maxAspect >= 1)) {
      throw new IllegalArgumentException(
          "Invalid offsets: max-aspect must be at least 1, found " + maxAspect);
    }
  }
}
