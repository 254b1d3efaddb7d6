package org.denseflow.graph;

import org.denseflow.geometry.Size;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AffineReceptiveFieldTest {
  private static final Size GRID = new Size(4, 3);
  private static final int CHANNELS = 2;
  private static final INDArray MAP = TestArrays.gaussian(1, 2, 3, 4, CHANNELS);
  private static final INDArray FIELDS = TestArrays.gaussian(2, 2, 12, 6).mul(0.7);

  static double gradientError() {
    return GradientCheck.largestError(sampled(FIELDS));
  }

  @Test
  void agreesWithLoops() {
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, 12, 9 * CHANNELS);

    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < 12; i++) {
        for (int k = 0; k < 9; k++) {
          double ox = k % 3 - 1;
          double oy = k / 3 - 1;
          double x = i % 4 + field(b, i, 2) + (1 + field(b, i, 0)) * ox + field(b, i, 1) * oy;
          double y = i / 4 + field(b, i, 5) + field(b, i, 3) * ox + (1 + field(b, i, 4)) * oy;

          for (int c = 0; c < CHANNELS; c++) {
            expected.putScalar(b, i, k * CHANNELS + c, read(b, x, y, c));
          }
        }
      }
    }

    TestArrays.assertClose(sampled(FIELDS).eval(), expected);
  }

  @Test
  void theIdentityReadsTheNeighboursOfEachCell() {
    INDArray sampled = sampled(FIELDS.mul(0)).eval();
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, 12, 9 * CHANNELS);

    for (int i = 0; i < 12; i++) {
      for (int k = 0; k < 9; k++) {
        int x = i % 4 + k % 3 - 1;
        int y = i / 4 + k / 3 - 1;

        for (int n = 0; x >= 0 && x < 4 && y >= 0 && y < 3 && n < 2 * CHANNELS; n++) {
          int b = n / CHANNELS;
          int c = n % CHANNELS;
          expected.putScalar(b, i, k * CHANNELS + c, MAP.getDouble(b, y, x, c));
        }
      }
    }

    TestArrays.assertClose(sampled, expected);
  }

  private static double field(int b, int i, int k) {
    return FIELDS.getDouble(b, i, k);
  }

  private static double read(int b, double x, double y, int c) {
    double value = 0;

    for (int q = 0; q < 12; q++) {
      double wx = Math.max(0, 1 - Math.abs(x - q % 4));
      double wy = Math.max(0, 1 - Math.abs(y - q / 4));
      value += wx * wy * MAP.getDouble(b, q / 4, q % 4, c);
    }

    return value;
  }

  private static SDVariable sampled(INDArray fields) {
    SameDiff graph = SameDiff.create();
    return AffineReceptiveField.sample(
        graph.var("map", MAP.dup()), GRID, CHANNELS, graph.var("fields", fields.dup()));
  }
}
