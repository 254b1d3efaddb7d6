package org.denseflow.matcher.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.denseflow.weights.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PrincipalComponentsTest {
  private static final double[][] AXES = {{0.6, 0.8, 0}, {-0.8, 0.6, 0}, {0, 0, 1}};

  /** Four points: deviations ±2 along (1, 1), ±1 along (1, -1), so variances of 4 and 1. */
  @Test
  void ofFourPointsAsByHand() {
    PrincipalComponents found = of(new float[][] {{5, 7}, {1, 3}, {4, 4}, {2, 6}}, 2);

    assertThat(found.mean().values()).containsExactly(3, 5);
    assertThat(found.share().values()).containsExactly(new float[] {0.8f, 0.2f}, within(1e-6f));
    float half = (float) Math.sqrt(0.5);
    float[] axes = found.components().values();
    assertThat(Math.abs(axes[0] + axes[1])).isCloseTo(2 * half, within(1e-6f));
    assertThat(Math.abs(axes[2] - axes[3])).isCloseTo(2 * half, within(1e-6f));
    assertThat(found.share(1)).isCloseTo(0.8, within(1e-6));
  }

  @Test
  void findsTheAxesOfAnEllipsoidLongestFirst() {
    PrincipalComponents found = of(ellipsoid(1, 5, 2), 2);

    assertThat(alignment(found, 0, AXES[1])).isCloseTo(1, within(1e-3));
    assertThat(alignment(found, 1, AXES[2])).isCloseTo(1, within(1e-3));
    assertThat(found.mean().values()).hasSize(3);
    assertThat(found.mean().values()[0]).isCloseTo(7, within(0.2f));
    assertThat(found.share().values())
        .containsExactly(new float[] {25 / 30f, 4 / 30f, 1 / 30f}, within(0.01f));
  }

  /** Eigenvalues by rotations that make one product after the other zero (Jacobi, 1846). */
  @Test
  void sharesAndAxesAreThoseOfJacobisRotations() {
    float[][] points = points(400);
    PrincipalComponents found = of(points, 60);
    double[][] covariance = covariance(points);
    double[] expected = jacobi(covariance);
    double total = Arrays.stream(expected).sum();

    for (int k = 0; k < 60; k++) {
      assertThat(found.share().values()[k]).isCloseTo((float) (expected[k] / total), within(1e-6f));

      // An axis is what the covariance only stretches, by its variance.
      for (int i = 0; i < 60; i++) {
        double stretched = 0;

        for (int j = 0; j < 60; j++) {
          stretched += covariance[i][j] * found.components().values()[k * 60 + j];
        }

        double axis = expected[k] * found.components().values()[k * 60 + i];
        assertThat(stretched).isCloseTo(axis, within(1e-4 * expected[0]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 30})
  void whatAProjectionToAllAxesKeepsIsEverything(int count) {
    float[][] points = points(count);
    PrincipalComponents found = of(points, 60);
    INDArray axes = array(found.components());
    INDArray centred = Nd4j.createFromArray(points).subRowVector(array(found.mean()));

    INDArray back = centred.mmul(axes.transpose()).mmul(axes);
    assertThat(back.sub(centred).norm2Number().doubleValue())
        .isLessThan(1e-3 * centred.norm2Number().doubleValue());
    // So many axes have a length of 1; one fewer than points, if these are few.
    int rank = Math.min(60, count - 1);
    INDArray products = axes.mmul(axes.transpose());
    INDArray expected = Nd4j.diag(Nd4j.createFromArray(ones(60, rank)));
    assertThat(products.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-4);
    assertThat(found.share(60)).isCloseTo(1, within(1e-5));
  }

  @Test
  void behindTheChannelsNumberThereIsNothing() {
    INDArray components = array(of(ellipsoid(3, 2, 1), 5).components());

    assertThat(components.shape()).containsExactly(5, 3);
    INDArray products = components.mmul(components.transpose());
    INDArray expected = Nd4j.diag(Nd4j.createFromArray(ones(5, 3)));
    assertThat(products.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-5);
  }

  static PrincipalComponents of(float[][] vectors, int count) {
    Moments moments = new Moments(vectors[0].length);
    moments.add(Nd4j.createFromArray(vectors));
    return PrincipalComponents.of(moments, count);
  }

  /** Vectors of 60 channels that vary by different amounts and not each by itself. */
  static float[][] points(int count) {
    Random random = new Random(6);
    float[][] points = new float[count][60];

    for (float[] point : points) {
      for (int c = 0; c < 60; c++) {
        point[c] = (float) random.nextGaussian() * (1 + c) + point[Math.max(0, c - 1)] / 3;
      }
    }

    return points;
  }

  /** By its definition: the mean of products of what is left without the means. */
  static double[][] covariance(float[][] points) {
    int channels = points[0].length;
    double[] mean = new double[channels];
    double[][] covariance = new double[channels][channels];

    for (float[] point : points) {
      for (int c = 0; c < channels; c++) {
        mean[c] += point[c] / points.length;
      }
    }

    for (float[] point : points) {
      for (int i = 0; i < channels; i++) {
        for (int j = 0; j < channels; j++) {
          covariance[i][j] += (point[i] - mean[i]) * (point[j] - mean[j]) / points.length;
        }
      }
    }

    return covariance;
  }

  private static double[] jacobi(double[][] symmetric) {
    int n = symmetric.length;
    double[][] a = Arrays.stream(symmetric).map(double[]::clone).toArray(double[][]::new);

    for (int sweep = 0; sweep < 30; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          double angle = 0.5 * Math.atan2(2 * a[p][q], a[p][p] - a[q][q]);
          rotate(a, p, q, Math.cos(angle), Math.sin(angle));
        }
      }
    }

    return IntStream.range(0, n).mapToDouble(i -> -a[i][i]).sorted().map(value -> -value).toArray();
  }

  /** Both the rows and the columns p and q. */
  private static void rotate(double[][] a, int p, int q, double cos, double sin) {
    for (int i = 0; i < a.length; i++) {
      double first = a[i][p];
      a[i][p] = cos * first + sin * a[i][q];
      a[i][q] = cos * a[i][q] - sin * first;
    }

    for (int i = 0; i < a.length; i++) {
      double first = a[p][i];
      a[p][i] = cos * first + sin * a[q][i];
      a[q][i] = cos * a[q][i] - sin * first;
    }
  }

  private static float[] ones(int length, int count) {
    float[] values = new float[length];
    Arrays.fill(values, 0, count, 1);
    return values;
  }

  private static INDArray array(Tensor tensor) {
    return Nd4j.createFromArray(tensor.values()).reshape('c', tensor.shape());
  }

  /** The absolute cosine of a component with an axis. */
  private static double alignment(PrincipalComponents found, int component, double[] axis) {
    double sum = 0;

    for (int c = 0; c < axis.length; c++) {
      sum += found.components().values()[component * axis.length + c] * axis[c];
    }

    return Math.abs(sum);
  }

  /** Points around (7, 7, 7) with these deviations along {@link #AXES}. */
  private static float[][] ellipsoid(double... deviations) {
    Random random = new Random(5);
    float[][] points = new float[4000][3];

    for (float[] point : points) {
      for (int axis = 0; axis < 3; axis++) {
        double along = deviations[axis] * random.nextGaussian();

        for (int c = 0; c < 3; c++) {
          point[c] += (float) (along * AXES[axis][c] + 7 / 3.0);
        }
      }
    }

    return points;
  }
}
