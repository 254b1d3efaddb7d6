package org.denseflow.style;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GradientCheck;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.TrainingGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The gradient of a decoder with its links and both losses. */
public final class CodecGradient {
  private static final int SIDE = 8;

  /** Of each parameter: one evaluation in double precision takes a while. */
  private static final int ENTRIES = 2;

  private static final String[] CHECKED = {
    "decoder.conv3_1.weight", "decoder.conv2_2.bias", "decoder.conv1_1.weight"
  };

  private CodecGradient() {}

  /** The largest relative error. */
  public static double gradientError() {
    Random random = new Random(4);
    Map<String, INDArray> tensors = new LinkedHashMap<>();
    StyleShape.RELU3_1
        .tensors()
        .forEach(
            (name, sides) -> {
              long[] shape = Arrays.stream(sides).asLongStream().toArray();
              double fan = sides.length == 1 ? 800 : sides[1] * sides[2] * sides[3];
              tensors.put(name, gaussian(random, Math.sqrt(2 / fan), shape));
            });
    TrainingGraph graph =
        new CodecGraph(
                new CodecParameters(0.5, 1, 0.5),
                StyleShape.RELU3_1,
                new Size(SIDE, SIDE),
                GraphMode.TRAINING,
                DataType.DOUBLE)
            .build(tensors);
    Map<String, INDArray> inputs = new HashMap<>();
    inputs.put("source", gaussian(random, 0.2, 1, SIDE, SIDE, 3).addi(0.5));
    inputs.put("target", gaussian(random, 0.2, 1, SIDE, SIDE, 3).addi(0.5));
    inputs.put("links", Nd4j.createFromArray(new double[][] {{0, 0, 0, 1}}));
    return GradientCheck.largestError(graph.graph(), graph.total(), inputs, ENTRIES, CHECKED);
  }

  private static INDArray gaussian(Random random, double scale, long... shape) {
    double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Arrays.setAll(values, i -> scale * random.nextGaussian());
    return Nd4j.createFromArray(values).reshape('c', shape);
  }
}
