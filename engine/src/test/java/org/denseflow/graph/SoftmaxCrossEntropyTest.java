package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SoftmaxCrossEntropyTest {
  private static final INDArray SCORES = TestArrays.gaussian(1, 2, 3, 2, 4);
  private static final INDArray LABELS = Nd4j.createFromArray(0.0, 0.25, 0.75, 0.0);
  private static final INDArray MASK = TestArrays.binary(2, 2, 3, 2, 1);

  static double gradientError() {
    SameDiff graph = SameDiff.create();
    return GradientCheck.largestError(
        SoftmaxCrossEntropy.masked(
            graph.var("scores", SCORES.dup()), graph.constant(LABELS), graph.constant(MASK)));
  }

  @Test
  void agreesWithLoops() {
    double expected = 0;

    for (int b = 0; b < 2; b++) {
      double sum = 0;
      double count = 1;

      for (int i = 0; i < 6; i++) {
        double total = 0;
        double scored = 0;

        for (int k = 0; k < 4; k++) {
          double score = SCORES.getDouble(b, i / 2, i % 2, k);
          total += Math.exp(score);
          scored += LABELS.getDouble(k) * score;
        }

        sum += MASK.getDouble(b, i / 2, i % 2, 0) * (Math.log(total) - scored);
        count += MASK.getDouble(b, i / 2, i % 2, 0);
      }

      expected += sum / count / 2;
    }

    SameDiff graph = SameDiff.create();
    double actual =
        SoftmaxCrossEntropy.masked(
                graph.constant(SCORES), graph.constant(LABELS), graph.constant(MASK))
            .eval()
            .getDouble(0);
    assertThat(actual).isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-12));
  }

  @Test
  void largeScoresDoNotOverflow() {
    SDVariable scores = SameDiff.create().constant(SCORES.mul(1e5));

    assertThat(SoftmaxCrossEntropy.logSumExp(scores, 3).eval().toString())
        .doesNotContain("NaN")
        .doesNotContain("Infinity");
  }
}
