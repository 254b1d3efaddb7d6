package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.BiFunction;
import org.denseflow.geometry.Size;
import org.denseflow.graph.FlowLosses.Smoothness;
import org.denseflow.graph.FlowLosses.Unit;
import org.denseflow.graph.FlowLosses.View;
import org.denseflow.graph.Upsampling.Corners;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FlowLossesTest {
  private static final Size GRID = new Size(5, 4);
  private static final INDArray FIRST = TestArrays.betweenCells(1, -1.4, 1.4, 2, 4, 5, 2);
  private static final INDArray SECOND = TestArrays.betweenCells(2, -1.4, 1.4, 2, 4, 5, 2);
  private static final INDArray FIRST_MASK = TestArrays.binary(3, 2, 4, 5, 1);
  private static final INDArray SECOND_MASK = TestArrays.binary(4, 2, 4, 5, 1);

  static double gradientError() {
    double largest = 0;

    List<FlowLosses> forms =
        List.of(
            new FlowLosses(GRID, Unit.CELLS),
            new FlowLosses(GRID, Unit.NORMALISED),
            new FlowLosses(GRID, Unit.NORMALISED, Corners.EDGES, Smoothness.SUM));

    for (FlowLosses losses : forms) {
      largest = Math.max(largest, error(losses::maskConsistency));
      largest = Math.max(largest, error(losses::flowConsistency));
      largest = Math.max(largest, error(losses::smoothness));
      largest =
          Math.max(
              largest,
              error(
                  (a, b) ->
                      losses
                          .absoluteError(a, a.flow().getSameDiff().constant(SECOND.add(0.013)))
                          .add(losses.maskConsistency(a, b))));
    }

    return largest;
  }

  private static double error(BiFunction<View, View, SDVariable> loss) {
    SameDiff graph = SameDiff.create();
    return GradientCheck.largestError(
        loss.apply(
            new View(graph.var("first", FIRST.dup()), graph.constant(FIRST_MASK)),
            new View(graph.var("second", SECOND.dup()), graph.constant(SECOND_MASK))));
  }

  @Test
  void maskConsistencyAgreesWithLoops() {
    double expected = 0;

    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < 20; i++) {
        expected += square(mask(FIRST_MASK, b, i) - warped(SECOND_MASK, FIRST, b, i, 0)) / 40;
        expected += square(mask(SECOND_MASK, b, i) - warped(FIRST_MASK, SECOND, b, i, 0)) / 40;
      }
    }

    assertThat(value(new FlowLosses(GRID, Unit.CELLS)::maskConsistency))
        .isCloseTo(expected, within());
  }

  /** grid_sample without aligned corners: -1 and 1 are the outer edges of the map that is read. */
  @Test
  void warpingBetweenEdgesAgreesWithLoops() {
    FlowLosses losses = new FlowLosses(GRID, Unit.NORMALISED, Corners.EDGES, Smoothness.COMPONENTS);
    SameDiff graph = SameDiff.create();
    INDArray warped = losses.warp(graph.constant(SECOND), 2, graph.constant(FIRST)).eval();

    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < 20; i++) {
        double gx = 2 * (i % 5 + FIRST.getDouble(b, i / 5, i % 5, 0)) / 4 - 1;
        double gy = 2 * (i / 5 + FIRST.getDouble(b, i / 5, i % 5, 1)) / 3 - 1;
        double x = ((gx + 1) * 5 - 1) / 2;
        double y = ((gy + 1) * 4 - 1) / 2;
        assertThat(warped.getDouble(b, i / 5, i % 5, 1))
            .isCloseTo(read(SECOND, b, x, y, 1), within());
      }
    }
  }

  @Test
  void flowConsistencyAgreesWithLoops() {
    double expected = 0;

    for (int b = 0; b < 2; b++) {
      expected += flowTerm(b, FIRST, SECOND, FIRST_MASK) / 2;
      expected += flowTerm(b, SECOND, FIRST, SECOND_MASK) / 2;
    }

    assertThat(value(new FlowLosses(GRID, Unit.NORMALISED)::flowConsistency))
        .isCloseTo(expected, within());
  }

  private static double flowTerm(int b, INDArray own, INDArray other, INDArray mask) {
    double sum = 0;
    double count = 1;

    for (int i = 0; i < 20; i++) {
      double dx = own.getDouble(b, i / 5, i % 5, 0) + warped(other, own, b, i, 0);
      double dy = own.getDouble(b, i / 5, i % 5, 1) + warped(other, own, b, i, 1);
      sum += mask(mask, b, i) * (square(dx * 2 / 4) + square(dy * 2 / 3));
      count += mask(mask, b, i);
    }

    return sum / count;
  }

  @Test
  void smoothnessAgreesWithLoops() {
    double expected = 0;

    for (int b = 0; b < 2; b++) {
      expected += (smoothTerm(b, FIRST, FIRST_MASK) + smoothTerm(b, SECOND, SECOND_MASK)) / 2;
    }

    assertThat(value(new FlowLosses(GRID, Unit.CELLS)::smoothness)).isCloseTo(expected, within());
  }

  /** One kernel over both components: |d(u + v)|. */
  @Test
  void smoothnessOfTheSumAgreesWithLoops() {
    double expected = 0;

    for (int b = 0; b < 2; b++) {
      INDArray first = FIRST.sum(true, 3);
      INDArray second = SECOND.sum(true, 3);
      expected += (smoothTerm(b, first, FIRST_MASK) + smoothTerm(b, second, SECOND_MASK)) / 2;
    }

    FlowLosses losses = new FlowLosses(GRID, Unit.CELLS, Corners.ALIGNED, Smoothness.SUM);
    assertThat(value(losses::smoothness)).isCloseTo(expected, within());
  }

  private static double smoothTerm(int b, INDArray flow, INDArray mask) {
    double sum = 0;
    double count = 1;

    for (int i = 0; i < 20; i++) {
      int x = i % 5;
      int y = i / 5;
      count += mask(mask, b, i);

      for (int c = 0; c < flow.size(3); c++) {
        double dx = at(flow, b, x + 1, y, c) - at(flow, b, x - 1, y, c);
        double dy = at(flow, b, x, y + 1, c) - at(flow, b, x, y - 1, c);
        sum += mask(mask, b, i) * (Math.abs(dx) + Math.abs(dy)) / 2;
      }
    }

    return sum / count;
  }

  @Test
  void oppositeShiftsAreConsistent() {
    SameDiff graph = SameDiff.create();
    INDArray there = Nd4j.zeros(FIRST.dataType(), 1, 4, 5, 2);
    there.putScalar(new int[] {0, 1, 1, 0}, 1);
    INDArray back = Nd4j.zeros(FIRST.dataType(), 1, 4, 5, 2);
    back.putScalar(new int[] {0, 1, 2, 0}, -1);
    INDArray mask = Nd4j.zeros(FIRST.dataType(), 1, 4, 5, 1);
    mask.putScalar(new int[] {0, 1, 1, 0}, 1);
    INDArray other = Nd4j.zeros(FIRST.dataType(), 1, 4, 5, 1);
    other.putScalar(new int[] {0, 1, 2, 0}, 1);
    View source = new View(graph.constant(there), graph.constant(mask));
    View target = new View(graph.constant(back), graph.constant(other));

    assertThat(new FlowLosses(GRID, Unit.CELLS).flowConsistency(source, target).eval().getDouble(0))
        .isZero();
  }

  @Test
  void normalisedFlowsNeedTwoCells() {
    assertThatThrownBy(() -> new FlowLosses(new Size(5, 1), Unit.NORMALISED))
        .hasMessageContaining("found 5x1");
  }

  private static double value(BiFunction<View, View, SDVariable> loss) {
    SameDiff graph = SameDiff.create();
    return loss.apply(
            new View(graph.constant(FIRST), graph.constant(FIRST_MASK)),
            new View(graph.constant(SECOND), graph.constant(SECOND_MASK)))
        .eval()
        .getDouble(0);
  }

  /** The map read at cell i plus its flow; zero outside. */
  private static double warped(INDArray map, INDArray flow, int b, int i, int c) {
    double x = i % 5 + flow.getDouble(b, i / 5, i % 5, 0);
    double y = i / 5 + flow.getDouble(b, i / 5, i % 5, 1);
    return read(map, b, x, y, c);
  }

  private static double read(INDArray map, int b, double x, double y, int c) {
    double sum = 0;

    for (int q = 0; q < 20; q++) {
      sum +=
          Math.max(0, 1 - Math.abs(x - q % 5))
              * Math.max(0, 1 - Math.abs(y - q / 5))
              * map.getDouble(b, q / 5, q % 5, c);
    }

    return sum;
  }

  private static double at(INDArray flow, int b, int x, int y, int c) {
    return x < 0 || y < 0 || x > 4 || y > 3 ? 0 : flow.getDouble(b, y, x, c);
  }

  private static double mask(INDArray mask, int b, int i) {
    return mask.getDouble(b, i / 5, i % 5, 0);
  }

  private static double square(double value) {
    return value * value;
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-12);
  }
}
