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
    kernelX = kernel(volume.sourceWidth(), sigma);
    kernelY = kernel(volume.sourceHeight(), sigma);
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
    int width = volume.sourceWidth();
    double scaleX = (double) volume.targetWidth() / width;
    double scaleY = (double) volume.targetHeight() / volume.sourceHeight();
    double[] sums = new double[3 * volume.rows()];
    int confident = 0;

    for (int s = 0; s < volume.rows(); s++) {
      if (confidence[s] > 0) {
        confident++;
        int j = best[s];
        double dx = j % volume.targetWidth() + 0.5 - (s % width + 0.5) * scaleX;
        double dy = j / volume.targetWidth() + 0.5 - (s / width + 0.5) * scaleY;
        spread(sums, width, s, confidence[s], dx, dy);
      }
    }

    for (int i = 0; confident > 0 && i < volume.rows(); i++) {
      double weight = sums[3 * i];
      guidance[2 * i] = (i % width + 0.5) * scaleX - 0.5 + sums[3 * i + 1] / weight;
      guidance[2 * i + 1] = (i / width + 0.5) * scaleY - 0.5 + sums[3 * i + 2] / weight;
    }

    return confident;
  }

  private void spread(double[] sums, int width, int s, float confidence, double dx, double dy) {
    int sx = s % width;
    int sy = s / width;
    int i = 0;

    for (int y = 0; y < kernelY.length; y++) {
      double wy = confidence * kernelY[Math.abs(y - sy)];

      for (int x = 0; x < width; x++, i++) {
        double weight = wy * kernelX[Math.abs(x - sx)];
        sums[3 * i] += weight;
        sums[3 * i + 1] += weight * dx;
        sums[3 * i + 2] += weight * dy;
      }
    }
  }

  /** exp(−d² / 2σ²), never quite zero so that one match speaks for the whole grid. */
  private static double[] kernel(int size, double sigmaOf20) {
    double sigma = sigmaOf20 * size / 20.0;
    double[] kernel = new double[size];

    for (int d = 0; d < size; d++) {
      kernel[d] = Math.max(1e-100, Math.exp(-d * d / (2 * sigma * sigma)));
    }

    return kernel;
  }
}
