package org.denseflow.graph;

import org.denseflow.geometry.Size;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NeuralPatchBlendingTest {
  private static final Size GRID = new Size(4, 3);
  private static final int CHANNELS = 2;
  private static final INDArray TARGET = TestArrays.gaussian(1, 2, 3, 4, CHANNELS);
  private static final INDArray FIELDS = TestArrays.gaussian(2, 2, 12, 6).mul(0.4);
  private static final INDArray CONFIDENCE = TestArrays.gaussian(3, 2, 12, 1).muli(0.2).addi(0.7);

  static double gradientError() {
    return GradientCheck.largestError(blended());
  }

  @Test
  void agreesWithEquationEight() {
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, 3, 4, CHANNELS);

    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < 12; i++) {
        double total = 0;
        double[] sum = new double[CHANNELS];

        for (int j = 0; j < 12; j++) {
          int dx = i % 4 - j % 4;
          int dy = i / 4 - j / 4;

          if (Math.abs(dx) <= 1 && Math.abs(dy) <= 1) {
            double alpha = CONFIDENCE.getDouble(b, j, 0);
            double x = i % 4 + field(b, j, 0) * dx + field(b, j, 1) * dy + field(b, j, 2);
            double y = i / 4 + field(b, j, 3) * dx + field(b, j, 4) * dy + field(b, j, 5);
            total += alpha;

            for (int c = 0; c < CHANNELS; c++) {
              sum[c] += alpha * read(b, x, y, c);
            }
          }
        }

        for (int c = 0; c < CHANNELS; c++) {
          expected.putScalar(new int[] {b, i / 4, i % 4, c}, sum[c] / (total + 1e-9));
        }
      }
    }

    TestArrays.assertClose(blended().eval(), expected);
  }

  private static double field(int b, int j, int k) {
    return FIELDS.getDouble(b, j, k);
  }

  /** Bilinear; beyond the map its border. */
  private static double read(int b, double x, double y, int c) {
    double u = Math.max(0, Math.min(3, x));
    double v = Math.max(0, Math.min(2, y));
    double value = 0;

    for (int q = 0; q < 12; q++) {
      double weight = Math.max(0, 1 - Math.abs(u - q % 4)) * Math.max(0, 1 - Math.abs(v - q / 4));
      value += weight * TARGET.getDouble(b, q / 4, q % 4, c);
    }

    return value;
  }

  private static SDVariable blended() {
    SameDiff graph = SameDiff.create();
    return NeuralPatchBlending.apply(
        graph.var("target", TARGET.dup()),
        GRID,
        CHANNELS,
        graph.var("fields", FIELDS.dup()),
        graph.var("confidence", CONFIDENCE.dup()));
  }
}
