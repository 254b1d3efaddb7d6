package org.denseflow.matcher.sfnet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GradientCheck;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.TrainingGraph;
import org.denseflow.graph.Upsampling.Corners;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The whole graph's gradient, on two small levels. */
public final class SfnetGradient {
  private static final List<SfnetGraph.Level> LEVELS =
      List.of(
          new SfnetGraph.Level("fine", new Size(4, 4), 3),
          new SfnetGraph.Level("deep", new Size(2, 2), 5));

  private SfnetGradient() {}

  /** The largest relative error of a parameter's gradient, under both presets' conventions. */
  public static double gradientError() {
    return Math.max(
        gradientError(TestConventions.PAPER),
        Math.max(
            gradientError(TestConventions.released(Corners.ALIGNED)),
            gradientError(TestConventions.released(Corners.EDGES))));
  }

  private static double gradientError(SfnetConventions conventions) {
    SfnetParameters parameters =
        new SfnetParameters(
            List.of(
                new SfnetParameters.Adapter(3, 2, Optional.empty()),
                new SfnetParameters.Adapter(3, 1, Optional.of(2))),
            1,
            5,
            5,
            SfnetParameters.Argmax.KERNEL,
            3,
            16,
            0.5,
            0.1,
            conventions);
    TrainingGraph graph =
        new SfnetGraph(parameters, LEVELS, GraphMode.TRAINING, DataType.DOUBLE).build(3);
    return GradientCheck.largestError(graph.graph(), graph.total(), inputs());
  }

  private static Map<String, INDArray> inputs() {
    Map<String, INDArray> inputs = new HashMap<>();
    Nd4j.getRandom().setSeed(11);

    for (String view : List.of("source", "target")) {
      inputs.put(view + ".fine", Nd4j.randn(DataType.DOUBLE, 2, 4, 4, 3));
      inputs.put(view + ".deep", Nd4j.randn(DataType.DOUBLE, 2, 2, 2, 5));
      INDArray mask = Nd4j.zeros(DataType.DOUBLE, 2, 4, 4, 1);

      for (int i = 0; i < 8; i++) {
        mask.putScalar(new int[] {i % 2, 1 + i / 4, 1 + i / 2 % 2, 0}, 1);
      }

      inputs.put(view + ".mask", mask);
    }

    inputs.put("truth", Nd4j.zeros(DataType.DOUBLE, 2, 4, 4, 2));
    inputs.put("truth.valid", Nd4j.ones(DataType.DOUBLE, 2, 4, 4, 1));
    return inputs;
  }
}
