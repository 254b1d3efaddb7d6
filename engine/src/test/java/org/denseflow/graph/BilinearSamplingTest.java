package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BilinearSamplingTest {
  private static final Size GRID = new Size(4, 3);
  private static final INDArray MAP = TestArrays.gaussian(1, 2, 3, 4, 2);
  private static final INDArray POSITIONS = TestArrays.betweenCells(2, -1.5, 4.5, 2, 9, 2);

  static double gradientError() {
    return Math.max(
        GradientCheck.largestError(sampled(POSITIONS, Border.ZERO)),
        GradientCheck.largestError(sampled(POSITIONS, Border.REPLICATE)));
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithLoops(Border outside) {
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, 9, 2);

    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < 9; i++) {
        for (int c = 0; c < 2; c++) {
          double x = POSITIONS.getDouble(b, i, 0);
          double y = POSITIONS.getDouble(b, i, 1);
          expected.putScalar(b, i, c, read(b, x, y, c, outside));
        }
      }
    }

    TestArrays.assertClose(sampled(POSITIONS, outside).eval(), expected);
  }

  @Test
  void integerPositionsReadTheCells() {
    INDArray positions = Nd4j.create(DataType.DOUBLE, 2, 12, 2);
    positions.addi(Nd4j.createFromArray(GridCells.positions(GRID)));

    TestArrays.assertClose(sampled(positions, Border.ZERO).eval(), MAP.reshape(2, 12, 2));
  }

  @Test
  void theGradientAtACellIsThatToTheRightAndBelow() {
    INDArray positions = Nd4j.createFromArray(new double[][][] {{{1, 1}}, {{2, 0}}});
    SDVariable sampled = sampled(positions, Border.ZERO);
    SDVariable loss = sampled.sum();
    SameDiff graph = sampled.getSameDiff();
    graph.setLossVariables(loss.name());
    QuietGradients.create(graph, "positions");
    INDArray gradient = graph.calculateGradients(Map.of(), "positions").get("positions");

    assertThat(gradient.getDouble(0, 0, 0)).isEqualTo(sum(0, 1, 2) - sum(0, 1, 1));
    assertThat(gradient.getDouble(0, 0, 1)).isEqualTo(sum(0, 2, 1) - sum(0, 1, 1));
    assertThat(gradient.getDouble(1, 0, 0)).isEqualTo(sum(1, 0, 3) - sum(1, 0, 2));
    assertThat(gradient.getDouble(1, 0, 1)).isEqualTo(sum(1, 1, 2) - sum(1, 0, 2));
  }

  private static double sum(int b, int y, int x) {
    return MAP.getDouble(b, y, x, 0) + MAP.getDouble(b, y, x, 1);
  }

  private static SDVariable sampled(INDArray positions, Border outside) {
    SameDiff graph = SameDiff.create();
    return BilinearSampling.sample(
        graph.var("map", MAP.dup()), GRID, 2, graph.var("positions", positions.dup()), outside);
  }

  private static double read(int b, double x, double y, int c, Border outside) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    double right = x - left;
    double below = y - top;
    return (1 - below) * (1 - right) * cell(b, left, top, c, outside)
        + (1 - below) * right * cell(b, left + 1, top, c, outside)
        + below * (1 - right) * cell(b, left, top + 1, c, outside)
        + below * right * cell(b, left + 1, top + 1, c, outside);
  }

  private static double cell(int b, int x, int y, int c, Border outside) {
    int nearX = Math.max(0, Math.min(3, x));
    int nearY = Math.max(0, Math.min(2, y));
    boolean inside = nearX == x && nearY == y;
    return inside || outside == Border.REPLICATE ? MAP.getDouble(b, nearY, nearX, c) : 0;
  }
}
