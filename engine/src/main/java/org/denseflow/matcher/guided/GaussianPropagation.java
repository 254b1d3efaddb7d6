package org.denseflow.matcher.guided;

import org.denseflow.correlation.CorrelationVolume;

/**
 * Guided Semantic Flow, Eq. 7: moving least squares of order zero. The guidance at a source cell is
 * the mean displacement of the confident matches, each weighted by a Gaussian of its distance on
 * the source grid, and by its confidence.
 */
final class GaussianPropagation {
  private final double[] kernelX;
  private final double[] kernelY;

  GaussianPropagation(CorrelationVolume volume, double sigma) {
    kernelX = kernel(volume.source().width(), sigma);
    kernelY = kernel(volume.source().height(), sigma);
  }

  /**
   * Propagates confident matches.
   *
   * @param best for each source cell its match
   * @param confidence for each source cell the weight of its match, 0 for one that is not confident
   * @param guidance receives for each source cell the target position (x, y), in cells
   * @return how many matches were confident; 0 leaves the guidance untouched
   */
  int propagate(CorrelationVolume volume, int[] best, float[] confidence, double[] guidance) {
    int width = volume.source().width();
    double scaleX = (double) volume.target().width() / width;
    double scaleY = (double) volume.target().height() / volume.source().height();
    double[][] rows = new double[kernelY.length][3 * width];
    int confident = 0;

    for (int s = 0; s < volume.rows(); s++) {
      if (confidence[s] > 0) {
        confident++;
        int j = best[s];
        int x = s % width;
        int y = s / width;
        double dx = j % volume.target().width() + 0.5 - (x + 0.5) * scaleX;
        double dy = j / volume.target().width() + 0.5 - (y + 0.5) * scaleY;
        spread(rows[y], x, confidence[s], dx, dy);
      }
    }

    for (int y = 0; y < rows.length && confident > 0; y++) {
      double[] sums = blurred(rows, y);

      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        guidance[2 * i] = (x + 0.5) * scaleX - 0.5 + sums[width + x] / sums[x];
        guidance[2 * i + 1] = (y + 0.5) * scaleY - 0.5 + sums[2 * width + x] / sums[x];
      }
    }

    return confident;
  }

  /** Adds a match to its row's sums, by the distance along x: weights, then dx, then dy. */
  private void spread(double[] row, int column, float confidence, double dx, double dy) {
    int width = kernelX.length;
    double weightedX = confidence * dx;
    double weightedY = confidence * dy;

    for (int x = 0; x < width; x++) {
      double weight = kernelX[Math.abs(x - column)];
      row[x] += confidence * weight;
      row[width + x] += weightedX * weight;
      row[2 * width + x] += weightedY * weight;
    }
  }

  /** The sums at row y: those of all rows, weighted by their distance along y. */
  private double[] blurred(double[][] rows, int y) {
    double[] sums = new double[rows[0].length];

    for (int from = 0; from < rows.length; from++) {
      addTo(sums, rows[from], kernelY[Math.abs(y - from)]);
    }

    return sums;
  }

  /** Alone and with equal indices, so that the compiler makes vector instructions of it. */
  private static void addTo(double[] sums, double[] row, double weight) {
    for (int k = 0; k < sums.length; k++) {
      sums[k] += weight * row[k];
    }
  }

  /** exp(−d² / 2σ²), never quite zero, so that one match can guide the whole grid. */
  private static double[] kernel(int size, double sigmaOf20) {
    double sigma = sigmaOf20 * size / 20.0;
    double[] kernel = new double[size];

    for (int d = 0; d < size; d++) {
      kernel[d] = Math.max(1e-100, Math.exp(-d * d / (2 * sigma * sigma)));
    }

    return kernel;
  }
}
