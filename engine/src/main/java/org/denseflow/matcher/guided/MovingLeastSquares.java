package org.denseflow.matcher.guided;

import java.util.Arrays;
import java.util.Optional;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.geometry.Size;

/**
 * Moving least squares: the guidance at a source cell is what a model of the displacements, fitted
 * to the confident matches, says there; each match is weighted by a Gaussian of its distance on the
 * source grid, and by its confidence. Without a ridge the model is a translation, which is Guided
 * Semantic Flow, Eq. 7. Our choice: with a ridge λ it is an affine map, the displacement d(s) = a +
 * B (s − i) that minimises Σ w |d(s) − d_s|² + λ Σ w |B|², so that few or scattered matches give a
 * translation, and turned, scaled and mirrored objects are followed (Schaefer et al., SIGGRAPH
 * 2006, without a ridge). Buffers are kept from call to call; used by one thread at a time.
 */
final class MovingLeastSquares {
  /** A translation needs Σw, Σw·dx and Σw·dy. */
  private static final int TRANSLATION = 3;

  /** An affine map needs Σw·x, Σw·x², Σw·x·dx and Σw·x·dy too, x the offset to the match. */
  private static final int AFFINE = 7;

  /** Of those of an affine map so many, the first, are also needed times y: w, dx, dy and w·x. */
  private static final int TIMES_Y = 4;

  private final Size source;
  private final boolean affine;
  private final double ridgeX;
  private final double ridgeY;

  /** For the powers 0, 1 and 2 of an offset, that power times the Gaussian. */
  private final double[][] alongX;

  private final double[][] alongY;

  /** For each row of cells the sums along x, channel by channel. */
  private final double[][] rows;

  /** For each power of y those sums, added up along y. */
  private final double[][] sums;

  /**
   * Makes one for a source grid.
   *
   * @param sigmaOf20 standard deviation of the Gaussian, in cells of a grid of 20 by 20
   * @param ridgeOf20 λ, in squares of such cells; a translation is fitted if absent
   */
  MovingLeastSquares(Size source, double sigmaOf20, Optional<Double> ridgeOf20) {
    this.source = source;
    affine = ridgeOf20.isPresent();
    double ridge = ridgeOf20.orElse(0.0) / 400;
    ridgeX = ridge * source.width() * source.width();
    ridgeY = ridge * source.height() * source.height();
    alongX = kernels(source.width(), sigmaOf20);
    alongY = kernels(source.height(), sigmaOf20);
    int width = source.width();
    rows = new double[source.height()][(affine ? AFFINE : TRANSLATION) * width];
    sums =
        new double[][] {new double[rows[0].length], new double[TIMES_Y * width], new double[width]};
  }

  /**
   * Propagates confident matches.
   *
   * @param volume its grids; the values are not used
   * @param best for each source cell its match
   * @param confidence for each source cell the weight of its match, 0 for one that is not confident
   * @param guidance receives for each source cell the target position (x, y), in cells
   * @return how many matches were confident; 0 leaves the guidance untouched
   */
  int propagate(CorrelationVolume volume, int[] best, float[] confidence, double[] guidance) {
    int width = source.width();
    int targetWidth = volume.target().width();
    double scaleX = (double) targetWidth / width;
    double scaleY = (double) volume.target().height() / source.height();
    int confident = 0;

    for (double[] row : rows) {
      Arrays.fill(row, 0);
    }

    for (int s = 0; s < volume.rows(); s++) {
      if (confidence[s] > 0) {
        confident++;
        double dx = best[s] % targetWidth + 0.5 - (s % width + 0.5) * scaleX;
        double dy = best[s] / targetWidth + 0.5 - (s / width + 0.5) * scaleY;
        spread(rows[s / width], s % width, confidence[s], dx, dy);
      }
    }

    for (int y = 0; y < rows.length && confident > 0; y++) {
      addUp(y);

      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        guidance[2 * i] = (x + 0.5) * scaleX - 0.5;
        guidance[2 * i + 1] = (y + 0.5) * scaleY - 0.5;
        move(guidance, 2 * i, x);
      }
    }

    return confident;
  }

  /** Adds a match to the sums of its row of cells. */
  private void spread(double[] row, int column, float confidence, double dx, double dy) {
    int width = source.width();
    int from = width - 1 - column;
    add(row, 0, alongX[0], from, confidence);
    add(row, 1, alongX[0], from, confidence * dx);
    add(row, 2, alongX[0], from, confidence * dy);

    if (affine) {
      add(row, 3, alongX[1], from, confidence);
      add(row, 4, alongX[2], from, confidence);
      add(row, 5, alongX[1], from, confidence * dx);
      add(row, 6, alongX[1], from, confidence * dy);
    }
  }

  private void add(double[] row, int channel, double[] kernel, int from, double factor) {
    int to = channel * source.width();

    for (int x = 0; x < source.width(); x++) {
      row[to + x] += factor * kernel[from + x];
    }
  }

  /** The sums at row y: those of all rows, weighted by their distance along y. */
  private void addUp(int y) {
    for (int power = 0; power < (affine ? sums.length : 1); power++) {
      Arrays.fill(sums[power], 0);

      for (int from = 0; from < rows.length; from++) {
        addTo(sums[power], rows[from], alongY[power][y - from + rows.length - 1]);
      }
    }
  }

  /** Alone and with equal indices, so that the compiler makes vector instructions of it. */
  private static void addTo(double[] sums, double[] row, double weight) {
    for (int k = 0; k < sums.length; k++) {
      sums[k] += weight * row[k];
    }
  }

  /** Adds the displacement at column x of the row that was added up last. */
  private void move(double[] guidance, int at, int x) {
    int width = source.width();
    double weight = sums[0][x];
    double dx = sums[0][width + x] / weight;
    double dy = sums[0][2 * width + x] / weight;

    if (affine) {
      double mx = sums[0][3 * width + x] / weight;
      double my = sums[1][x] / weight;
      double xx = sums[0][4 * width + x] / weight - mx * mx + ridgeX;
      double xy = sums[1][3 * width + x] / weight - mx * my;
      double yy = sums[2][x] / weight - my * my + ridgeY;
      // (−m) · (covariance + ridge)⁻¹: how far the offset from the matches' mean to the cell
      // reaches.
      double determinant = xx * yy - xy * xy;
      double alongX = (my * xy - mx * yy) / determinant;
      double alongY = (mx * xy - my * xx) / determinant;
      guidance[at] +=
          (sums[0][5 * width + x] / weight - dx * mx) * alongX
              + (sums[1][width + x] / weight - dx * my) * alongY;
      guidance[at + 1] +=
          (sums[0][6 * width + x] / weight - dy * mx) * alongX
              + (sums[1][2 * width + x] / weight - dy * my) * alongY;
    }

    guidance[at] += dx;
    guidance[at + 1] += dy;
  }

  /**
   * Of the offsets size − 1, ..., 1 − size: exp(−d² / 2σ²), never quite zero, so that one match can
   * guide the whole grid, and its product with the offset and with the offset's square.
   */
  private static double[][] kernels(int size, double sigmaOf20) {
    double sigma = sigmaOf20 * size / 20.0;
    double[][] kernels = new double[3][2 * size - 1];

    for (int k = 0; k < 2 * size - 1; k++) {
      int d = size - 1 - k;
      kernels[0][k] = Math.max(1e-100, Math.exp(-d * d / (2 * sigma * sigma)));
      kernels[1][k] = d * kernels[0][k];
      kernels[2][k] = d * kernels[1][k];
    }

    return kernels;
  }
}
