package org.denseflow.matcher.guided;

import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.matcher.guided.GuidedParameters.Agreement;

/**
 * How well the displacement of each match agrees with those of the confident matches around it; our
 * choice, which takes the place of the trust that Guided Semantic Flow learns (Eq. 5). Two
 * displacements that differ by r agree by Tukey's biweight, (1 − (r / c)²)² below the tolerance c
 * and 0 above, so that one that is far off counts no more than one that is just too far. A match
 * agrees by the mean over the matches in its window, each weighted by its confidence, itself left
 * out; by 0 where there is none. Buffers are kept from call to call; used by one thread at a time.
 */
final class DisplacementAgreement {
  private final Agreement parameters;

  /** Of each confident match, in the order of cells: its cell, column, row. */
  private int[] cells = new int[0];

  private float[] columns = new float[0];
  private float[] rows = new float[0];

  /** Its displacement, in tolerances. */
  private float[] dx = new float[0];

  private float[] dy = new float[0];

  /** The sum of its neighbours' weights, and of those times how well they agree. */
  private float[] neighbours = new float[0];

  private float[] agreeing = new float[0];

  DisplacementAgreement(Agreement parameters) {
    this.parameters = parameters;
  }

  /**
   * Multiplies the weight of each confident match by the square of its agreement.
   *
   * @param volume its grids; the values are not used
   * @param best for each source cell its match
   * @param confidence for each source cell the weight of its match, 0 for one that is not confident
   * @return the mean agreement of the confident matches, 0..1; 0 if there are none
   */
  double weigh(CorrelationVolume volume, int[] best, float[] confidence) {
    int matches = list(volume, best, confidence);
    compare(volume, confidence, matches);
    double sum = 0;

    for (int k = 0; k < matches; k++) {
      float agreement = agreeing[k] > 0 ? agreeing[k] / neighbours[k] : 0;
      confidence[cells[k]] *= agreement * agreement;
      sum += agreement;
    }

    return matches == 0 ? 0 : sum / matches;
  }

  private int list(CorrelationVolume volume, int[] best, float[] confidence) {
    reserve(confidence.length);
    int width = volume.source().width();
    int targetWidth = volume.target().width();
    double scaleX = (double) targetWidth / width;
    double scaleY = (double) volume.target().height() / volume.source().height();
    double toleranceX = parameters.tolerance() * targetWidth / 20;
    double toleranceY = parameters.tolerance() * volume.target().height() / 20;
    int matches = 0;

    for (int s = 0; s < confidence.length; s++) {
      if (confidence[s] > 0) {
        int column = s % width;
        int row = s / width;
        cells[matches] = s;
        columns[matches] = column;
        rows[matches] = row;
        dx[matches] =
            (float) ((best[s] % targetWidth + 0.5 - (column + 0.5) * scaleX) / toleranceX);
        dy[matches] = (float) ((best[s] / targetWidth + 0.5 - (row + 0.5) * scaleY) / toleranceY);
        neighbours[matches] = 0;
        agreeing[matches] = 0;
        matches++;
      }
    }

    return matches;
  }

  /** Each two matches once. */
  private void compare(CorrelationVolume volume, float[] confidence, int matches) {
    double reachX = parameters.window() * volume.source().width() / 20;
    double reachY = parameters.window() * volume.source().height() / 20;

    for (int a = 0; a < matches; a++) {
      float own = confidence[cells[a]];

      for (int b = a + 1; b < matches && rows[b] - rows[a] <= reachY; b++) {
        if (Math.abs(columns[b] - columns[a]) <= reachX) {
          float x = dx[b] - dx[a];
          float y = dy[b] - dy[a];
          float rest = Math.max(0, 1 - x * x - y * y);
          float other = confidence[cells[b]];
          neighbours[a] += other;
          neighbours[b] += own;
          agreeing[a] += other * rest * rest;
          agreeing[b] += own * rest * rest;
        }
      }
    }
  }

  private void reserve(int length) {
    if (cells.length < length) {
      cells = new int[length];
      columns = new float[length];
      rows = new float[length];
      dx = new float[length];
      dy = new float[length];
      neighbours = new float[length];
      agreeing = new float[length];
    }
  }
}
