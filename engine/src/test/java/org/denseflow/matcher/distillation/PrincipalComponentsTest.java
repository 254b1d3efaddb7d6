package org.denseflow.matcher.distillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PrincipalComponentsTest {
  private static final double[][] AXES = {{0.6, 0.8, 0}, {-0.8, 0.6, 0}, {0, 0, 1}};

  @Test
  void findsTheAxesOfAnEllipsoidLongestFirst() {
    PrincipalComponents found = PrincipalComponents.of(ellipsoid(1, 5, 2), 2);

    assertThat(alignment(found, 0, AXES[1])).isCloseTo(1, within(1e-3));
    assertThat(alignment(found, 1, AXES[2])).isCloseTo(1, within(1e-3));
    assertThat(found.mean().toFloatVector()).hasSize(3);
    assertThat(found.mean().getDouble(0)).isCloseTo(7, within(0.2));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 30})
  void manyChannelsHaveTheirAxesInOrderInSpiteOfRounding(int count) {
    INDArray vectors = Nd4j.createFromArray(points(count));
    INDArray components = PrincipalComponents.of(vectors, 20).components();
    INDArray variances = vectors.mmul(components).norm2(0);

    for (int k = 1; k < 20; k++) {
      assertThat(variances.getDouble(k)).isLessThan(variances.getDouble(k - 1));
    }

    INDArray products = components.transpose().mmul(components);
    assertThat(products.sub(Nd4j.eye(20)).amaxNumber().doubleValue()).isLessThan(1e-4);
    // What a projection to all axes keeps is everything.
    INDArray all = PrincipalComponents.of(vectors, 60).components();
    INDArray back = vectors.mmul(all).mmul(all.transpose());
    assertThat(back.sub(vectors).norm2Number().doubleValue())
        .isLessThan(1e-3 * vectors.norm2Number().doubleValue());
  }

  /** Vectors of 60 channels that vary by different amounts and not each by itself. */
  private static float[][] points(int count) {
    Random random = new Random(6);
    float[][] points = new float[count][60];

    for (float[] point : points) {
      for (int c = 0; c < 60; c++) {
        point[c] = (float) random.nextGaussian() * (1 + c) + point[Math.max(0, c - 1)] / 3;
      }
    }

    return points;
  }

  @Test
  void behindTheChannelsNumberThereIsNothing() {
    INDArray components = PrincipalComponents.of(ellipsoid(3, 2, 1), 5).components();

    assertThat(components.shape()).containsExactly(3, 5);
    INDArray products = components.transpose().mmul(components);
    INDArray expected = Nd4j.diag(Nd4j.createFromArray(1f, 1f, 1f, 0f, 0f));
    assertThat(products.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-5);
  }

  /** The absolute cosine of a component with an axis. */
  private static double alignment(PrincipalComponents found, int component, double[] axis) {
    double sum = 0;

    for (int c = 0; c < axis.length; c++) {
      sum += found.components().getDouble(c, component) * axis[c];
    }

    return Math.abs(sum);
  }

  /** Points around (7, 7, 7) with these deviations along {@link #AXES}. */
  private static INDArray ellipsoid(double... deviations) {
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

    return Nd4j.createFromArray(points);
  }
}
