package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.denseflow.geometry.Size;
import org.denseflow.graph.Upsampling.Corners;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class UpsamplingTest {
  private static final Size FROM = new Size(4, 3);
  private static final INDArray MAP = TestArrays.gaussian(1, 2, 3, 4, 2);

  static double gradientError() {
    Size to = new Size(7, 6);
    return Math.max(
        GradientCheck.largestError(resized(to, Corners.ALIGNED)),
        GradientCheck.largestError(resized(to, Corners.EDGES)));
  }

  @ParameterizedTest
  @CsvSource({"ALIGNED, 6, 7", "EDGES, 6, 8", "EDGES, 5, 9", "ALIGNED, 3, 4", "EDGES, 3, 4"})
  void agreesWithLoops(Corners corners, int height, int width) {
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, height, width, 2);

    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < height; i++) {
        for (int j = 0; j < width; j++) {
          double y =
              corners == Corners.ALIGNED ? i * 2.0 / (height - 1) : (i + 0.5) * 3 / height - 0.5;
          double x =
              corners == Corners.ALIGNED ? j * 3.0 / (width - 1) : (j + 0.5) * 4 / width - 0.5;
          expected.putScalar(b, i, j, 0, read(b, x, y, 0));
          expected.putScalar(b, i, j, 1, read(b, x, y, 1));
        }
      }
    }

    TestArrays.assertClose(resized(new Size(width, height), corners).eval(), expected);
  }

  @Test
  void twiceTheSizeHasPyTorchsWeights() {
    // torch.nn.functional.interpolate(scale_factor=2, mode="bilinear") of [0, 1] and of [0, 3]
    assertThat(Upsampling.matrix(2, 4, Corners.EDGES))
        .isDeepEqualTo(new double[][] {{1, 0}, {0.75, 0.25}, {0.25, 0.75}, {0, 1}});
    assertThat(Upsampling.matrix(2, 3, Corners.ALIGNED))
        .isDeepEqualTo(new double[][] {{1, 0}, {0.5, 0.5}, {0, 1}});
  }

  private static SDVariable resized(Size to, Corners corners) {
    SDVariable map = SameDiff.create().var("map", MAP.dup());
    return Upsampling.apply(map, 2, FROM, to, corners);
  }

  private static double read(int b, double x, double y, int c) {
    double value = 0;

    for (int v = 0; v < 3; v++) {
      for (int u = 0; u < 4; u++) {
        double wx = Math.max(0, 1 - Math.abs(Math.max(0, Math.min(3, x)) - u));
        double wy = Math.max(0, 1 - Math.abs(Math.max(0, Math.min(2, y)) - v));
        value += wx * wy * MAP.getDouble(b, v, u, c);
      }
    }

    return value;
  }
}
