package org.denseflow.style;

import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Mean and covariance of vectors: of the colours or of the features in a region.
 *
 * @param mean {@code [channels]}
 * @param covariance {@code [channels, channels]}
 */
public record FeatureStatistics(double[] mean, double[][] covariance) {
  /** Eigenvalues below this share of the largest count as this share of it. */
  private static final double FLOOR = 1e-4;

  /**
   * Statistics of the vectors inside a region.
   *
   * @param values {@code [cells, channels]}
   * @param region {@code [cells]}
   * @throws IllegalArgumentException if the region is empty
   */
  public static FeatureStatistics of(float[] values, int channels, boolean[] region) {
    double[] mean = mean(values, channels, region);
    double[][] covariance = new double[channels][channels];
    double[] difference = new double[channels];
    int count = 0;

    for (int i = 0; i < region.length; i++) {
      if (region[i]) {
        count++;

        for (int a = 0; a < channels; a++) {
          difference[a] = values[i * channels + a] - mean[a];
        }

        for (int a = 0; a < channels; a++) {
          for (int b = 0; b <= a; b++) {
            covariance[a][b] += difference[a] * difference[b];
          }
        }
      }
    }

    for (int a = 0; a < channels; a++) {
      for (int b = 0; b <= a; b++) {
        covariance[a][b] /= count;
        covariance[b][a] = covariance[a][b];
      }
    }

    return new FeatureStatistics(mean, covariance);
  }

  private static double[] mean(float[] values, int channels, boolean[] region) {
    double[] mean = new double[channels];
    int count = 0;

    for (int i = 0; i < region.length; i++) {
      if (region[i]) {
        count++;

        for (int c = 0; c < channels; c++) {
          mean[c] += values[i * channels + c];
        }
      }
    }

    if (count == 0) {
      throw new IllegalArgumentException("Cannot compute statistics: the region is empty");
    }

    for (int c = 0; c < channels; c++) {
      mean[c] /= count;
    }

    return mean;
  }

  /** The Gram matrix per cell, {@code [channels, channels]}: the mean of v·vᵀ. */
  public double[][] gram() {
    double[][] gram = new double[mean.length][mean.length];

    for (int a = 0; a < mean.length; a++) {
      for (int b = 0; b < mean.length; b++) {
        gram[a][b] = covariance[a][b] + mean[a] * mean[b];
      }
    }

    return gram;
  }

  /**
   * The matrix of the affine map v → to.mean + A·(v − mean) that gives vectors of these statistics
   * the other ones and moves them least: optimal transport between normal distributions, A =
   * S^-½·(S^½·T·S^½)^½·S^-½. Directions in which these vectors hardly vary are not blown up: there
   * the result's variance stays below the other's.
   *
   * @return {@code [channels, channels]}, symmetric
   */
  public double[][] transport(FeatureStatistics to) {
    EigenDecomposition own = new EigenDecomposition(MatrixUtils.createRealMatrix(covariance));
    RealMatrix root = power(own, 0.5, FLOOR);
    RealMatrix inverse = power(own, -0.5, FLOOR);
    return inverse.multiply(middle(root, to)).multiply(inverse).getData();
  }

  /** Features that have these statistics over a region; cells outside stay as they are. */
  public StyleFeatures imposedOn(StyleFeatures features, boolean[] region) {
    int channels = features.channels();
    FeatureStatistics own = of(features.values(), channels, region);
    double[][] transport = own.transport(this);
    float[] values = features.values().clone();

    for (int i = 0; i < region.length; i++) {
      for (int a = 0; region[i] && a < channels; a++) {
        double value = mean[a];

        for (int b = 0; b < channels; b++) {
          value += transport[a][b] * (features.values()[i * channels + b] - own.mean[b]);
        }

        values[i * channels + a] = (float) value;
      }
    }

    return new StyleFeatures(features.grid(), channels, values);
  }

  /**
   * The Fréchet distance of normal distributions with these statistics, in units of the vectors:
   * √(|m₁ − m₂|² + tr(S + T − 2·(S^½·T·S^½)^½)).
   */
  public double distance(FeatureStatistics other) {
    double squared = 0;

    for (int c = 0; c < mean.length; c++) {
      squared += (mean[c] - other.mean[c]) * (mean[c] - other.mean[c]);
      squared += covariance[c][c] + other.covariance[c][c];
    }

    EigenDecomposition own = new EigenDecomposition(MatrixUtils.createRealMatrix(covariance));
    return Math.sqrt(Math.max(0, squared - 2 * middle(power(own, 0.5, 0), other).getTrace()));
  }

  /** (S^½·T·S^½)^½. */
  private static RealMatrix middle(RealMatrix root, FeatureStatistics other) {
    RealMatrix product =
        root.multiply(MatrixUtils.createRealMatrix(other.covariance)).multiply(root);
    RealMatrix symmetric = product.add(product.transpose()).scalarMultiply(0.5);
    return power(new EigenDecomposition(symmetric), 0.5, 0);
  }

  private static RealMatrix power(EigenDecomposition matrix, double exponent, double floor) {
    double[] values = matrix.getRealEigenvalues();
    double largest = 1e-12;

    for (double value : values) {
      largest = Math.max(largest, value);
    }

    for (int k = 0; k < values.length; k++) {
      values[k] = Math.pow(Math.max(values[k], floor * largest), exponent);
    }

    return matrix
        .getV()
        .multiply(MatrixUtils.createRealDiagonalMatrix(values))
        .multiply(matrix.getVT());
  }
}
