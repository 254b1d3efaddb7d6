package org.denseflow.correlation;

/**
 * How far a match's neighbours agree with it: the mean of a volume's values over the neighbourhood
 * of the source cell at the same displacement, weighted by a Gaussian. A correct match has
 * neighbours that move as it does; a chance match stands alone. (The consensus of neighbours as in
 * NCNet, Rocco et al., NeurIPS 2018, with a fixed kernel.)
 */
public final class LocalSupport {
  /** The kernel's radius in standard deviations. */
  private static final double REACH = 2;

  private final Displacements grid;
  private final double[] kernelX;
  private final double[] kernelY;

  /**
   * Makes the kernels.
   *
   * @param sigmaOf20 standard deviation in cells of a 20-cell grid
   */
  public LocalSupport(Displacements grid, double sigmaOf20) {
    this.grid = grid;
    this.kernelX = kernel(sigmaOf20 * grid.source().width() / 20);
    this.kernelY = kernel(sigmaOf20 * grid.source().height() / 20);
  }

  private static double[] kernel(double sigma) {
    int radius = Math.max(1, (int) Math.round(REACH * sigma));
    double[] kernel = new double[radius + 1];

    for (int d = 0; d <= radius; d++) {
      kernel[d] = Math.exp(-d * d / (2 * sigma * sigma));
    }

    return kernel;
  }

  /**
   * Computes the support of every match.
   *
   * @param values {@code [displacements, sourceHeight, sourceWidth]}, 0 outside of the target grid
   * @return the same shape; 0 outside of the target grid
   */
  public float[] of(float[] values) {
    int width = grid.source().width();
    int height = grid.source().height();
    float[] rows = new float[values.length];
    float[] result = new float[values.length];

    for (int d = 0; d < grid.count(); d++) {
      int at = d * grid.cells();
      float[] normX = norm(kernelX, width, grid.x(d), grid.target().width());
      float[] normY = norm(kernelY, height, grid.y(d), grid.target().height());

      for (int y = 0; y < height; y++) {
        for (int t = -(kernelX.length - 1); t < kernelX.length; t++) {
          float weight = (float) kernelX[Math.abs(t)];
          int from = Math.max(0, -t);
          int to = Math.min(width, width - t);
          add(values, at + y * width + t, weight, rows, at + y * width, from, to);
        }
      }

      for (int y = 0; y < height; y++) {
        for (int t = -(kernelY.length - 1); t < kernelY.length; t++) {
          if (y + t >= 0 && y + t < height) {
            float weight = (float) kernelY[Math.abs(t)];
            add(rows, at + (y + t) * width, weight, result, at + y * width, 0, width);
          }
        }

        for (int x = 0; x < width; x++) {
          result[at + y * width + x] *= normY[y] * normX[x];
        }
      }
    }

    return result;
  }

  private static void add(
      float[] values, int from, float weight, float[] to, int at, int first, int behind) {
    for (int x = first; x < behind; x++) {
      to[at + x] += weight * values[from + x];
    }
  }

  /** One over the weights of the neighbours inside, 0 for a cell whose match lies outside. */
  private static float[] norm(double[] kernel, int size, int displacement, int targetSize) {
    float[] norm = new float[size];

    for (int x = 0; x < size; x++) {
      double sum = 0;

      for (int t = -(kernel.length - 1); t < kernel.length; t++) {
        sum += inside(x + t, size, displacement, targetSize) ? kernel[Math.abs(t)] : 0;
      }

      norm[x] = inside(x, size, displacement, targetSize) ? (float) (1 / sum) : 0;
    }

    return norm;
  }

  private static boolean inside(int x, int size, int displacement, int targetSize) {
    return x >= 0 && x < size && x + displacement >= 0 && x + displacement < targetSize;
  }
}
