package org.denseflow.graph;

import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BoxFilterTest {
  private static final INDArray MAP = TestArrays.gaussian(1, 2, 4, 5, 3);

  static double gradientError() {
    return GradientCheck.largestError(filtered(1));
  }

  @Test
  void agreesWithLoops() {
    for (int radius = 0; radius < 3; radius++) {
      INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, 4, 5, 3);

      for (int i = 0; i < expected.length(); i++) {
        int y = i / 15 % 4;
        int x = i / 3 % 5;
        double sum = 0;

        for (int v = Math.max(0, y - radius); v <= Math.min(3, y + radius); v++) {
          for (int u = Math.max(0, x - radius); u <= Math.min(4, x + radius); u++) {
            sum += MAP.getDouble(i / 60, v, u, i % 3);
          }
        }

        expected.putScalar(i, sum / ((2 * radius + 1) * (2 * radius + 1)));
      }

      TestArrays.assertClose(filtered(radius).eval(), expected);
    }
  }

  private static SDVariable filtered(int radius) {
    return BoxFilter.mean(SameDiff.create().var("map", MAP.dup()), radius);
  }
}
