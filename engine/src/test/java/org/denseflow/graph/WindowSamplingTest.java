package org.denseflow.graph;

import org.denseflow.geometry.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WindowSamplingTest {
  private static final int CELLS = 5;
  private static final Size GRID = new Size(4, 3);
  private static final INDArray VOLUME = TestArrays.gaussian(1, 2, CELLS, 12);
  private static final INDArray POSITIONS = TestArrays.betweenCells(2, -1.5, 4.5, 2, CELLS, 2);

  static double gradientError() {
    return GradientCheck.largestError(sampled(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void agreesWithLoops(int radius) {
    int side = 2 * radius + 1;
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, CELLS, side * side);

    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < CELLS; i++) {
        for (int k = 0; k < side * side; k++) {
          double x = POSITIONS.getDouble(b, i, 0) + k % side - radius;
          double y = POSITIONS.getDouble(b, i, 1) + k / side - radius;
          double value = 0;

          for (int j = 0; j < 12; j++) {
            double wx = Math.max(0, 1 - Math.abs(x - j % 4));
            double wy = Math.max(0, 1 - Math.abs(y - j / 4));
            value += wx * wy * VOLUME.getDouble(b, i, j);
          }

          expected.putScalar(b, i, k, value);
        }
      }
    }

    TestArrays.assertClose(sampled(radius).eval(), expected);
  }

  private static SDVariable sampled(int radius) {
    SameDiff graph = SameDiff.create();
    return WindowSampling.apply(
        graph.var("volume", VOLUME.dup()),
        CELLS,
        GRID,
        graph.var("positions", POSITIONS.dup()),
        radius);
  }
}
