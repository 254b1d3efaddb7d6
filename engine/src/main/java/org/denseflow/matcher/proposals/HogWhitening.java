package org.denseflow.matcher.proposals;

import org.denseflow.backbone.hog.HogCells;

/**
 * Whitens regions' histograms, so that what all regions have in common counts for little
 * (Hariharan, Malik and Ramanan, ECCV 2012). Our choice, which needs no statistics of other images:
 * from each cell its prediction by its neighbour, along x and then along y, is subtracted. That is
 * an inverse root of the covariance {@value #CORRELATION}^(distance in cells), along x times along
 * y, the same for all channels; channels are not whitened among themselves, which measures worse on
 * PF-WILLOW.
 */
final class HogWhitening {
  private static final float CORRELATION = 0.4f;
  private static final int CHANNELS = HogCells.CHANNELS;
  private static final int SIDE = RegionHog.SIDE;

  private HogWhitening() {}

  /**
   * Whitens in place.
   *
   * @param regions {@code [regions, 8 rows, 8 columns, 27]}, of mean zero
   */
  static void apply(float[] regions) {
    decorrelate(regions, CHANNELS);
    decorrelate(regions, SIDE * CHANNELS);
  }

  /** Along the axis of cells whose neighbours are stride apart; from its far end, in place. */
  private static void decorrelate(float[] values, int stride) {
    float factor = (float) (1 / Math.sqrt(1 - CORRELATION * CORRELATION));

    for (int i = values.length - 1; i >= 0; i--) {
      if (i / stride % SIDE != 0) {
        values[i] = factor * (values[i] - CORRELATION * values[i - stride]);
      }
    }
  }
}
