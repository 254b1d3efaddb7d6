package org.denseflow.matcher.projection;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.denseflow.weights.Tensor;

/**
 * The directions along which vectors vary most.
 *
 * @param mean {@code [channels]}
 * @param components {@code [count, channels]}, orthonormal rows, largest variance first; zeros
 *     where nothing varies any more
 * @param share {@code [channels]}: of the variance, along each axis, also along those that are not
 *     among the components
 */
public record PrincipalComponents(Tensor mean, Tensor components, Tensor share) {
  /** Variances below this share of the largest are rounding. */
  private static final double RANK = 1e-10;

  /** Finds them: the axes of the covariance. */
  public static PrincipalComponents of(Moments moments, int count) {
    int channels = moments.channels();
    EigenDecomposition axes =
        new EigenDecomposition(new Array2DRowRealMatrix(moments.covariance(), false));
    double[] variances = axes.getRealEigenvalues();
    double total = 0;

    for (double variance : variances) {
      total += Math.max(0, variance);
    }

    float[] components = new float[count * channels];
    float[] share = new float[channels];

    for (int k = 0; k < channels; k++) {
      if (variances[k] > RANK * variances[0]) {
        share[k] = (float) (variances[k] / total);

        if (k < count) {
          put(axes.getEigenvector(k).toArray(), components, k * channels);
        }
      }
    }

    return new PrincipalComponents(
        new Tensor(new int[] {channels}, floats(moments.mean())),
        new Tensor(new int[] {count, channels}, components),
        new Tensor(new int[] {channels}, share));
  }

  /** The share of the variance along the first axes together. */
  public double share(int first) {
    double sum = 0;

    for (int k = 0; k < first; k++) {
      sum += share.values()[k];
    }

    return sum;
  }

  private static void put(double[] axis, float[] components, int at) {
    System.arraycopy(floats(axis), 0, components, at, axis.length);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];

    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }

    return floats;
  }
}
