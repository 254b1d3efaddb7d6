package org.denseflow.matcher.distillation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.backbone.network.TinyNetwork;
import org.denseflow.geometry.Size;
import org.denseflow.graph.GradientCheck;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.TrainingGraph;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The whole graph's gradient, with a small student and three pairs. */
public final class DistillationGradient {
  static final long SEED = 3;
  private static final int TEACHER = 5;
  private static final int ENTRIES = 200;

  private DistillationGradient() {}

  /**
   * The largest relative error of a parameter's gradient. One shift has none: nothing but the next
   * normalisation follows, which takes it away again.
   */
  public static double gradientError() {
    TrainingGraph graph = graph(GraphMode.TRAINING);
    String[] names =
        graph.parameters().stream()
            .map(SDVariable::name)
            .filter(name -> !name.equals("conv.norm.bias"))
            .toArray(String[]::new);
    return GradientCheck.largestError(graph.graph(), graph.total(), inputs(), ENTRIES, names);
  }

  static TrainingGraph graph(GraphMode mode) {
    return new DistillationGraph(
            new DistillationParameters("tiny", 1, 0.5, 1, 10),
            TinyNetwork.make(),
            new Size(8, 8),
            TEACHER,
            mode,
            DataType.DOUBLE)
        .build(SEED);
  }

  static Map<String, INDArray> inputs() {
    Map<String, INDArray> inputs = new HashMap<>();
    Nd4j.getRandom().setSeed(11);

    for (String view : List.of(DistillationGraph.SOURCE, DistillationGraph.TARGET)) {
      inputs.put(view, Nd4j.randn(DataType.DOUBLE, 3, 8, 8, 3));
      inputs.put(view + ".teacher", Nd4j.randn(DataType.DOUBLE, 3, 2, 2, TEACHER));
    }

    inputs.put(DistillationGraph.MEAN, Nd4j.randn(DataType.DOUBLE, TEACHER));
    inputs.put(
        DistillationGraph.COMPONENTS, Nd4j.randn(DataType.DOUBLE, TEACHER, TinyNetwork.CHANNELS));
    return inputs;
  }
}
