package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class L2NormalisationTest {

  static double gradientError() {
    SDVariable x = SameDiff.create().var("x", TestArrays.gaussian(1, 2, 3, 4));
    return Math.max(
        GradientCheck.largestError(L2Normalisation.apply(x, 4, 1e-6)),
        GradientCheck.largestError(L2Normalisation.apply(x, 4, 1e-2)));
  }

  @Test
  void addsEpsilonUnderTheRoot() {
    SDVariable x =
        SameDiff.create().constant(Nd4j.createFromArray(new double[][] {{3, 4}, {0, 0}}));
    INDArray result = L2Normalisation.apply(x, 2, 75).eval();

    TestArrays.assertClose(result, Nd4j.createFromArray(new double[][] {{0.3, 0.4}, {0, 0}}));
  }

  @Test
  void refusesEpsilonZero() {
    SDVariable x = SameDiff.create().constant(Nd4j.createFromArray(1.0));

    assertThatThrownBy(() -> L2Normalisation.apply(x, 1, 0))
        .hasMessage("Invalid epsilon: must be positive, found 0.0");
  }
}
