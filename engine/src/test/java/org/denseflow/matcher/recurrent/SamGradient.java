package org.denseflow.matcher.recurrent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GradientCheck;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.style.StyleShape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The gradient of SAM-Net with all its losses, for the table of gradients. */
public final class SamGradient {
  private static final Size GRID = new Size(3, 2);
  private static final int FEATURES = 3;
  private static final int PASSES = 2;

  /** Of each parameter: one evaluation in double precision takes a second. */
  private static final int ENTRIES = 2;

  /** One for each way that a gradient takes; the layers have checks of their own. */
  private static final String[] CHECKED = {
    "rtn.reduce.weight",
    "rtn.last.weight",
    "rtn.output.weight",
    "style.weight",
    "decoder.conv3_1.weight",
    "decoder.conv1_1.bias"
  };

  private SamGradient() {}

  /** The largest relative error of a loss's gradient over all parameters. */
  public static double gradientError(SamParameters.Loss loss) {
    Random random = new Random(3);
    RtnParameters rtn =
        new RtnParameters(3, PASSES, 1, List.of(2, 1), 0, 3, List.of(2, 3), 1, 2, 1, 0.3);
    SamParameters sam = new SamParameters(1, 1, 0.5, 0.9, loss, 1, 0.1, 0.2, 0.1, 0.3);
    Map<String, INDArray> codec = new LinkedHashMap<>();
    StyleShape.RELU3_1.tensors().forEach((name, shape) -> codec.put(name, kernel(random, shape)));
    TrainingGraph graph =
        new SamGraph(
                rtn,
                sam,
                SamGraph.shape(rtn, sam, StyleShape.RELU3_1, FEATURES),
                GRID,
                GraphMode.TRAINING,
                DataType.DOUBLE)
            .build(codec, 5);
    // the last layer starts at zero, where fields lie on the kinks of bilinear sampling
    graph.parameters().stream()
        .filter(parameter -> parameter.name().contains("output"))
        .forEach(p -> p.getArr().assign(gaussian(random, p.getArr().shape()).mul(0.3)));
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    inputs.put("source", gaussian(random, 2, 2, 3, FEATURES));
    inputs.put("target", gaussian(random, 2, 2, 3, FEATURES));
    inputs.put("source.image", image(random));
    inputs.put("target.image", image(random));
    inputs.put("links", Nd4j.createFromArray(new double[][] {{1, 0, 0, 1}, {0, 0, 1, 0}}));
    inputs.put("source.mask", Nd4j.ones(DataType.DOUBLE, 2, 2, 3, 1));
    inputs.put("truth", gaussian(random, 2, 2, 3, 2));
    inputs.put("truth.valid", Nd4j.ones(DataType.DOUBLE, 2, 2, 3, 1));
    return GradientCheck.largestError(graph.graph(), graph.total(), inputs, ENTRIES, CHECKED);
  }

  private static INDArray image(Random random) {
    return gaussian(random, 2, 8, 12, 3).muli(0.2).addi(0.5);
  }

  private static INDArray kernel(Random random, int[] shape) {
    long[] sides = java.util.Arrays.stream(shape).asLongStream().toArray();
    double scale = shape.length == 1 ? 0.05 : Math.sqrt(2.0 / (shape[1] * shape[2] * shape[3]));
    return gaussian(random, sides).muli(scale);
  }

  private static INDArray gaussian(Random random, long... shape) {
    double[] values = new double[(int) java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    java.util.Arrays.setAll(values, i -> random.nextGaussian());
    return Nd4j.createFromArray(values).reshape('c', shape);
  }
}
