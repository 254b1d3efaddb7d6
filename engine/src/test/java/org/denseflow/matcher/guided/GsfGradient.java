package org.denseflow.matcher.guided;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.denseflow.correlation.Displacements;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GradientCheck;
import org.denseflow.graph.TrainingGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The two stages of Guided Semantic Flow on a small grid, from the networks to the losses. */
public final class GsfGradient {
  private static final int CHANNELS = 3;
  private static final Size GRID = new Size(5, 4);

  private GsfGradient() {}

  /** The largest relative error of the gradients of L_P. */
  public static double pruningError() {
    return error(Optional.empty());
  }

  /** The largest relative error of the gradients of L_final. */
  public static double matchingError() {
    return error(Optional.of(new GsfParameters.Matching(2, 1, 4, 5, 3, 4, 0.7, 0.4, 0.5)));
  }

  private static double error(Optional<GsfParameters.Matching> matching) {
    // A threshold below all matches: the truncation has a kink, which differences would step over.
    GsfParameters parameters = new GsfParameters(3, 2.5, 1e-6, 5, 6, 3, 1, 0.3, 1, 1.5, matching);
    TrainingGraph graph = new GsfGraph(parameters, GRID, CHANNELS, DataType.DOUBLE).build(5);
    Random random = new Random(8);
    // So that no rectifier is at its kink and the last layer's gradient reaches the others.
    graph
        .parameters()
        .forEach(
            variable -> variable.getArr().addi(gaussian(random, 0.2, variable.getArr().shape())));
    Map<String, INDArray> inputs = inputs(random);
    inputs.keySet().removeIf(name -> !graph.graph().hasVariable(name));
    return GradientCheck.largestError(graph.graph(), graph.total(), inputs);
  }

  private static Map<String, INDArray> inputs(Random random) {
    int height = GRID.height();
    int width = GRID.width();
    int count = new Displacements(new Size(width, height), new Size(width, height)).count();
    Map<String, INDArray> inputs = new HashMap<>();
    inputs.put(
        "volume",
        org.nd4j.linalg.ops.transforms.Transforms.abs(
            gaussian(random, 0.5, 2, count, height, width, 3)));
    inputs.put(
        "label",
        org.nd4j.linalg.ops.transforms.Transforms.sign(
            gaussian(random, 1, 2, count, GRID.cells())));
    inputs.put("source", gaussian(random, 1, 2, height, width, CHANNELS));
    inputs.put("target", gaussian(random, 1, 2, height, width, CHANNELS));
    inputs.put("source.mask", Nd4j.ones(DataType.DOUBLE, 2, height, width, 1));
    inputs.put("target.mask", Nd4j.ones(DataType.DOUBLE, 2, height, width, 1));
    inputs.put(
        "correlation",
        org.nd4j.linalg.ops.transforms.Transforms.abs(
            gaussian(random, 0.5, 2, GRID.cells(), GRID.cells())));
    inputs.put("truth", gaussian(random, 1, 2, height, width, 2));
    inputs.put("truth.valid", Nd4j.ones(DataType.DOUBLE, 2, height, width, 1));
    return inputs;
  }

  private static INDArray gaussian(Random random, double scale, long... shape) {
    INDArray array = Nd4j.createUninitialized(DataType.DOUBLE, shape, 'c');

    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, scale * random.nextGaussian());
    }

    return array;
  }
}
