package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.denseflow.graph.ConvolutionBlock.Activation;
import org.denseflow.graph.ConvolutionBlock.Bias;
import org.denseflow.graph.ConvolutionBlock.Shape;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class ConvolutionBlockTest {
  private static final Shape SHAPE = new Shape(3, 2, 3, Bias.ADDED, Activation.RELU);
  private static final INDArray INPUT = TestArrays.gaussian(1, 2, 4, 5, 2);

  static double gradientError() {
    SameDiff training = SameDiff.create();
    double first =
        GradientCheck.largestError(
            new ConvolutionBlock(
                    training,
                    "block",
                    new Shape(3, 2, 3, Bias.NONE, Activation.RELU),
                    DataType.DOUBLE,
                    7)
                .training(training.var("x", INPUT.dup()), "a")
                .output());
    SameDiff inference = SameDiff.create();
    SDVariable mean = inference.constant(TestArrays.gaussian(3, 3));
    SDVariable variance = inference.constant(TestArrays.gaussian(4, 3).mul(0.1).add(1));
    double second =
        GradientCheck.largestError(
            new ConvolutionBlock(inference, "block", SHAPE, DataType.DOUBLE, 7)
                .inference(inference.var("x", INPUT.dup()), mean, variance));
    return Math.max(first, second);
  }

  @Test
  void aBiasBeforeTheNormalisationOfABatchHasNoEffect() {
    SameDiff graph = SameDiff.create();
    ConvolutionBlock block = new ConvolutionBlock(graph, "block", SHAPE, DataType.DOUBLE, 7);
    SDVariable output = block.training(graph.constant(INPUT), "a").output();
    INDArray before = output.eval();
    graph.getVariable("block.conv.bias").getArr().addi(5);

    assertThat(output.eval().sub(before).amaxNumber().doubleValue()).isLessThan(1e-12);
  }

  @Test
  void agreesWithLoops() {
    SameDiff graph = SameDiff.create();
    ConvolutionBlock block = new ConvolutionBlock(graph, "block", SHAPE, DataType.DOUBLE, 7);
    BatchNormalisation.Trained trained = block.training(graph.constant(INPUT), "a");
    INDArray weight = graph.getVariable("block.conv.weight").getArr();
    INDArray bias = graph.getVariable("block.conv.bias").getArr();
    double[][][][] convolved = new double[2][4][5][3];

    for (int i = 0; i < 2 * 4 * 5 * 3; i++) {
      int c = i % 3;
      int x = i / 3 % 5;
      int y = i / 15 % 4;
      int b = i / 60;
      convolved[b][y][x][c] = bias.getDouble(c);

      for (int k = 0; k < 9 * 2; k++) {
        int from = k % 2;
        int dx = k / 2 % 3 - 1;
        int dy = k / 6 - 1;

        if (y + dy >= 0 && y + dy < 4 && x + dx >= 0 && x + dx < 5) {
          convolved[b][y][x][c] +=
              INPUT.getDouble(b, y + dy, x + dx, from) * weight.getDouble(dy + 1, dx + 1, from, c);
        }
      }
    }

    for (int c = 0; c < 3; c++) {
      double sum = 0;
      double squares = 0;

      for (int i = 0; i < 40; i++) {
        double value = convolved[i / 20][i / 5 % 4][i % 5][c];
        sum += value / 40;
        squares += value * value / 40;
      }

      double variance = squares - sum * sum;
      assertThat(trained.mean().eval().getDouble(c)).isCloseTo(sum, within());
      assertThat(trained.variance().eval().getDouble(c)).isCloseTo(variance, within());
      double expected = Math.max(0, (convolved[1][2][3][c] - sum) / Math.sqrt(variance + 1e-5));
      assertThat(trained.output().eval().getDouble(1, 2, 3, c)).isCloseTo(expected, within());
    }
  }

  @Test
  void inferenceWithTheStatisticsOfTheBatchIsTraining() {
    SameDiff graph = SameDiff.create();
    ConvolutionBlock block = new ConvolutionBlock(graph, "block", SHAPE, DataType.DOUBLE, 7);
    SDVariable x = graph.constant(INPUT);
    BatchNormalisation.Trained trained = block.training(x, "a");
    SDVariable used =
        block.inference(
            x, graph.constant(trained.mean().eval()), graph.constant(trained.variance().eval()));

    TestArrays.assertClose(used.eval(), trained.output().eval());
  }

  @Test
  void runningStatisticsMoveByATenth() {
    RunningStatistics statistics = new RunningStatistics(2, DataType.DOUBLE);
    INDArray mean = TestArrays.filled(() -> 3, 2);
    INDArray variance = TestArrays.filled(() -> 8, 2);
    statistics.update(mean, variance, 5);

    assertThat(statistics.mean().getDouble(0)).isCloseTo(0.3, within());
    assertThat(statistics.variance().getDouble(1)).isCloseTo(0.9 + 0.1 * 8 * 5 / 4, within());
    assertThatThrownBy(() -> statistics.update(mean, variance, 1)).hasMessageContaining("found 1");
  }

  @Test
  void refusesEvenKernels() {
    assertThatThrownBy(() -> new Shape(2, 1, 1, Bias.NONE, Activation.NONE))
        .hasMessage("Invalid kernel: must be odd and positive, found 2");
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-12);
  }
}
