package org.denseflow.matcher.guided;

import java.util.Arrays;
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
    double[][] sums = new double[3][volume.rows()];
    int confident = 0;

    for (int s = 0; s < volume.rows(); s++) {
      if (confidence[s] > 0) {
        confident++;
        int j = best[s];
        double dx = j % volume.targetWidth() + 0.5 - (s % width + 0.5) * scaleX;
        double dy = j / volume.targetWidth() + 0.5 - (s / width + 0.5) * scaleY;
        sums[0][s] = confidence[s];
        sums[1][s] = confidence[s] * dx;
        sums[2][s] = confidence[s] * dy;
      }
    }

    if (confident > 0) {
      Arrays.setAll(sums, k -> blurred(sums[k]));

      for (int i = 0; i < volume.rows(); i++) {
        double weight = sums[0][i];
        guidance[2 * i] = (i % width + 0.5) * scaleX - 0.5 + sums[1][i] / weight;
        guidance[2 * i + 1] = (i / width + 0.5) * scaleY - 0.5 + sums[2][i] / weight;
      }
    }

    return confident;
  }

  /** The sum over all cells, each weighted by its distance: along x, then along y. */
  private double[] blurred(double[] cells) {
    int width = kernelX.length;
    double[] rows = new double[cells.length];
    double[] result = new double[cells.length];

    for (int s = 0; s < cells.length; s++) {
      for (int x = 0; x < width && cells[s] != 0; x++) {
        rows[s - s % width + x] += cells[s] * kernelX[Math.abs(x - s % width)];
      }
    }

    for (int y = 0; y < kernelY.length; y++) {
      for (int from = 0; from < kernelY.length; from++) {
        double weight = kernelY[Math.abs(y - from)];

        for (int x = 0; x < width; x++) {
          result[y * width + x] += weight * rows[from * width + x];
        }
      }
    }

    return result;
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
