package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.denseflow.graph.CorrelationBlock.Rectification;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CorrelationBlockTest {
  private final INDArray source = TestArrays.gaussian(1, 2, 6, 3);
  private final INDArray target = TestArrays.gaussian(2, 2, 5, 3);
  private final INDArray deepSource = TestArrays.gaussian(3, 2, 6, 4);
  private final INDArray deepTarget = TestArrays.gaussian(4, 2, 5, 4);

  static double gradientError() {
    return new CorrelationBlockTest().error();
  }

  private double error() {
    SDVariable volume = volume();
    double forward = GradientCheck.largestError(CorrelationBlock.normalise(volume, 5));
    SDVariable reversed = CorrelationBlock.reverse(volume());
    double backward = GradientCheck.largestError(CorrelationBlock.normalise(reversed, 6));
    return Math.max(forward, backward);
  }

  @Test
  void agreesWithLoops() {
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 2, 6, 5);

    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < 6; i++) {
        double squares = 0;

        for (int j = 0; j < 5; j++) {
          double value =
              Math.max(0, dot(source, target, b, i, j))
                  * Math.max(0, dot(deepSource, deepTarget, b, i, j));
          expected.putScalar(b, i, j, value);
          squares += value * value;
        }

        for (int j = 0; j < 5; j++) {
          double value = expected.getDouble(b, i, j) / Math.sqrt(squares + 1e-6);
          expected.putScalar(b, i, j, value);
        }
      }
    }

    TestArrays.assertClose(CorrelationBlock.normalise(volume(), 5).eval(), expected);
  }

  @Test
  void withoutRectificationNegativeValuesStay() {
    SameDiff graph = SameDiff.create();
    INDArray volume =
        CorrelationBlock.correlate(
                graph.constant(source), graph.constant(target), Rectification.NONE)
            .eval();

    assertThat(volume.getDouble(1, 2, 3))
        .isCloseTo(dot(source, target, 1, 2, 3), org.assertj.core.data.Offset.offset(1e-12));
    assertThat(volume.minNumber().doubleValue()).isNegative();
  }

  @Test
  void reverseSwapsTheImages() {
    INDArray volume = volume().eval();

    assertThat(CorrelationBlock.reverse(volume()).eval().getDouble(1, 4, 2))
        .isEqualTo(volume.getDouble(1, 2, 4));
  }

  @Test
  void refusesNoLevels() {
    assertThatThrownBy(() -> CorrelationBlock.product(List.of())).hasMessageContaining("found 0");
  }

  private SDVariable volume() {
    SameDiff graph = SameDiff.create();
    return CorrelationBlock.product(
        List.of(
            CorrelationBlock.correlate(
                graph.var("source", source), graph.var("target", target), Rectification.RELU),
            CorrelationBlock.correlate(
                graph.var("deepSource", deepSource),
                graph.var("deepTarget", deepTarget),
                Rectification.RELU)));
  }

  private static double dot(INDArray source, INDArray target, int b, int i, int j) {
    double sum = 0;

    for (int c = 0; c < source.size(2); c++) {
      sum += source.getDouble(b, i, c) * target.getDouble(b, j, c);
    }

    return sum;
  }
}
