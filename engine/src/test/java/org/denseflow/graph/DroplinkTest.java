package org.denseflow.graph;

import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DroplinkTest {
  private static final INDArray BELOW = TestArrays.gaussian(1, 3, 2, 4, 5);
  private static final INDArray SKIPPED = TestArrays.gaussian(2, 3, 2, 4, 5);

  static double gradientError() {
    return GradientCheck.largestError(linked(Nd4j.createFromArray(1.0, 0.25, 0)));
  }

  @Test
  void agreesWithLoops() {
    double[] links = {1, 0, 0.25};
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, 3, 2, 4, 5);

    for (int i = 0; i < expected.length(); i++) {
      double b = links[i / 40];
      double below = BELOW.getDouble(i / 40, i / 20 % 2, i / 5 % 4, i % 5);
      double skipped = SKIPPED.getDouble(i / 40, i / 20 % 2, i / 5 % 4, i % 5);
      expected.putScalar(i, (1 - b) * below + b * skipped);
    }

    TestArrays.assertClose(linked(Nd4j.createFromArray(links)).eval(), expected);
  }

  @Test
  void testingIsTheMeanOfBoth() {
    SameDiff graph = SameDiff.create();
    SDVariable linked = Droplink.apply(graph.constant(BELOW), graph.constant(SKIPPED));
    TestArrays.assertClose(linked.eval(), BELOW.add(SKIPPED).mul(0.5));
  }

  private static SDVariable linked(INDArray links) {
    SameDiff graph = SameDiff.create();
    return Droplink.apply(
        graph.var("below", BELOW.dup()),
        graph.var("skipped", SKIPPED.dup()),
        40,
        graph.constant(Nd4j.stack(1, links.rsub(1), links)),
        1);
  }
}
