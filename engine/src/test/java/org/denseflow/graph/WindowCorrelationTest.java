package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.denseflow.geometry.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WindowCorrelationTest {
  private static final Size GRID = new Size(3, 4);
  private static final INDArray SOURCE = TestArrays.gaussian(1, 2, 4, 3, 5);
  private static final INDArray TARGET = TestArrays.gaussian(2, 2, 4, 3, 5);

  static double gradientError() {
    return GradientCheck.largestError(correlated(1, 2));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "2, 1", "5, 1", "1, 2", "2, 3", "0, 2"})
  void agreesWithLoops(int radius, int dilation) {
    int side = 2 * radius + 1;
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, 4, 3, side * side);

    for (int b = 0; b < 2; b++) {
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 3; x++) {
          for (int k = 0; k < side * side; k++) {
            int v = y + dilation * (k / side - radius);
            int u = x + dilation * (k % side - radius);
            expected.putScalar(b, y, x, k, dot(b, y, x, v, u));
          }
        }
      }
    }

    TestArrays.assertClose(correlated(radius, dilation).eval(), expected);
  }

  @Test
  void refusesANegativeRadiusAndNoDilation() {
    assertThatThrownBy(() -> correlated(-1, 1))
        .hasMessage("Invalid radius: must not be negative, found -1");
    assertThatThrownBy(() -> correlated(1, 0))
        .hasMessage("Invalid dilation: must be positive, found 0");
  }

  private static SDVariable correlated(int radius, int dilation) {
    SameDiff graph = SameDiff.create();
    return WindowCorrelation.apply(
        graph.var("source", SOURCE.dup()),
        graph.var("target", TARGET.dup()),
        GRID,
        5,
        radius,
        dilation);
  }

  private static double dot(int b, int y, int x, int v, int u) {
    double sum = 0;

    for (int c = 0; c < 5 && v >= 0 && v < 4 && u >= 0 && u < 3; c++) {
      sum += SOURCE.getDouble(b, y, x, c) * TARGET.getDouble(b, v, u, c);
    }

    return sum;
  }
}
