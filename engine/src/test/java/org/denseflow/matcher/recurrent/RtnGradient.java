package org.denseflow.matcher.recurrent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GradientCheck;
import org.denseflow.graph.TrainingGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** RTNs on a small grid, two passes from the features to the losses. */
public final class RtnGradient {
  private static final int FEATURES = 3;
  private static final Size GRID = new Size(4, 3);

  private RtnGradient() {}

  /**
   * The largest relative error of the gradients of both losses.
   *
   * @param coarsePasses of two passes
   */
  public static double gradientError(int coarsePasses) {
    RtnParameters parameters =
        new RtnParameters(2, 2, 1, List.of(2, 1), coarsePasses, 3, List.of(2, 3), 1, 4, 0.6, 0.8);
    TrainingGraph graph = new RtnGraph(parameters, GRID, FEATURES, DataType.DOUBLE).build(5);
    Random random = new Random(3);
    // So that the last layer's gradient reaches the others, and no sample lies on a cell.
    graph
        .parameters()
        .forEach(
            variable -> variable.getArr().addi(gaussian(random, 0.2, variable.getArr().shape())));
    Map<String, INDArray> inputs = new HashMap<>();
    inputs.put("source", gaussian(random, 1, 2, 3, 4, FEATURES));
    inputs.put("target", gaussian(random, 1, 2, 3, 4, FEATURES));
    inputs.put("source.mask", Nd4j.ones(DataType.DOUBLE, 2, 3, 4, 1));
    inputs.put("truth", gaussian(random, 1, 2, 3, 4, 2));
    inputs.put("truth.valid", Nd4j.ones(DataType.DOUBLE, 2, 3, 4, 1));
    return GradientCheck.largestError(graph.graph(), graph.total(), inputs);
  }

  private static INDArray gaussian(Random random, double scale, long... shape) {
    INDArray array = Nd4j.createUninitialized(DataType.DOUBLE, shape, 'c');

    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, scale * random.nextGaussian());
    }

    return array;
  }
}
