package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Random arrays in DOUBLE and their comparison. */
final class TestArrays {

  private TestArrays() {}

  /** Standard normal values. */
  static INDArray gaussian(long seed, long... shape) {
    return filled(new Random(seed)::nextGaussian, shape);
  }

  /** Zeros and ones. */
  static INDArray binary(long seed, long... shape) {
    Random random = new Random(seed);
    return filled(() -> random.nextBoolean() ? 1 : 0, shape);
  }

  /**
   * Coordinates in low .. high that keep 0.05 away from integers, where bilinear sampling has
   * kinks.
   */
  static INDArray betweenCells(long seed, double low, double high, long... shape) {
    Random random = new Random(seed);
    return filled(
        () -> {
          double value = low + (high - low) * random.nextDouble();
          double fraction = value - Math.floor(value);
          return Math.floor(value) + Math.max(0.05, Math.min(0.95, fraction));
        },
        shape);
  }

  static INDArray filled(DoubleSupplier supplier, long... shape) {
    double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Arrays.setAll(values, i -> supplier.getAsDouble());
    return Nd4j.createFromArray(values).reshape('c', shape);
  }

  static void assertClose(INDArray actual, INDArray expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.toString()).doesNotContain("NaN");
    assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-12);
  }
}
