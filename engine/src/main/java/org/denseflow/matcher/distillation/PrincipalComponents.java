package org.denseflow.matcher.distillation;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The directions along which vectors vary most.
 *
 * @param mean {@code [channels]}
 * @param components {@code [channels, count]}, orthonormal columns, largest variance first; behind
 *     the channels' number zeros
 */
record PrincipalComponents(INDArray mean, INDArray components) {
  /** Variances below this share of the largest are rounding. */
  private static final double RANK = 1e-6;

  /**
   * Finds them: axes of the covariance or, of fewer vectors than channels, of their products.
   *
   * @param vectors {@code [n, channels]}, in single precision; they are centred in place
   * @param count of components
   */
  static PrincipalComponents of(INDArray vectors, int count) {
    int channels = (int) vectors.size(1);
    INDArray mean = vectors.mean(0);
    vectors.subiRowVector(mean);
    boolean isFew = vectors.size(0) < channels;
    INDArray products =
        isFew ? vectors.mmul(vectors.transpose()) : vectors.transpose().mmul(vectors);
    EigenDecomposition axes =
        new EigenDecomposition(
            new Array2DRowRealMatrix(symmetric(products.toDoubleMatrix()), false));
    float[][] components = new float[channels][count];
    double least = RANK * axes.getRealEigenvalue(0);

    for (int k = 0; k < Math.min(count, products.size(0)); k++) {
      double[] axis = axes.getEigenvector(k).toArray();

      if (axes.getRealEigenvalue(k) > least) {
        put(isFew ? fromProducts(vectors, axis) : axis, components, k);
      }
    }

    return new PrincipalComponents(mean, Nd4j.createFromArray(components));
  }

  /** The axis in the channels' space, of length 1, of one in that of the vectors. */
  private static double[] fromProducts(INDArray vectors, double[] weights) {
    INDArray row = Nd4j.createFromArray(weights).castTo(vectors.dataType());
    INDArray axis = row.reshape('c', 1, weights.length).mmul(vectors);
    return axis.div(axis.norm2Number()).castTo(DataType.DOUBLE).toDoubleVector();
  }

  private static void put(double[] axis, float[][] components, int k) {
    for (int c = 0; c < axis.length; c++) {
      components[c][k] = (float) axis[c];
    }
  }

  /** Takes the mean with the transposed, which differs by rounding: only so axes are ordered. */
  private static double[][] symmetric(double[][] matrix) {
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < i; j++) {
        matrix[i][j] = matrix[j][i] = (matrix[i][j] + matrix[j][i]) / 2;
      }
    }

    return matrix;
  }
}
