package org.denseflow.matcher.recurrent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.training.GridSize;
import org.denseflow.training.Mode;
import org.denseflow.training.QuietGradients;
import org.denseflow.training.TrainingGraph;
import org.denseflow.transfer.StyleNetwork;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The recurrent networks on 16x16 cells of 1024 channels, for measuring. */
public final class RecurrentBench {
  /** Passes of the network. */
  public static final int PASSES = 4;

  private static final int SIDE = 16;
  private static final int FEATURES = 1024;
  private static final GridSize GRID = new GridSize(SIDE, SIDE);
  private static final SamParameters SAM =
      new SamParameters(1, 1, 0.3, 0.9, SamParameters.Loss.CROSS_ENTROPY, 1, 0.1, 0.05, 1, 10);

  private final RtnParameters parameters;
  private final TrainingGraph graph;
  private final boolean styled;

  private RecurrentBench(RtnParameters parameters, TrainingGraph graph, boolean styled) {
    this.parameters = parameters;
    this.graph = graph;
    this.styled = styled;
    graph.graph().setLossVariables(graph.total().name());
    QuietGradients.create(graph.graph());
  }

  /** RTNs with the geometric matching network of {@code rtn-compact}. */
  public static RecurrentBench compact() {
    RtnParameters own = parameters(3, List.of(64, 128, 128));
    return new RecurrentBench(
        own, new RtnGraph(own, GRID, FEATURES, DataType.FLOAT).build(1), false);
  }

  /** RTNs with that of {@code rtn}, as released. */
  public static RecurrentBench paper() {
    RtnParameters own = parameters(9, List.of(64, 128, 256, 512, 512));
    return new RecurrentBench(
        own, new RtnGraph(own, GRID, FEATURES, DataType.FLOAT).build(1), false);
  }

  /** SAM-Net as in {@code samnet-compact}. */
  public static RecurrentBench samnet() {
    RtnParameters own = parameters(3, List.of(64, 128, 128));
    Map<String, INDArray> codec = new LinkedHashMap<>();
    StyleNetwork.tensors()
        .forEach(
            (name, shape) -> {
              long[] sides = java.util.Arrays.stream(shape).asLongStream().toArray();
              codec.put(name, Nd4j.randn(DataType.FLOAT, sides).muli(0.03));
            });
    TrainingGraph graph =
        new SamGraph(own, SAM, GRID, FEATURES, Mode.INFERENCE, DataType.FLOAT).build(codec, 1);
    return new RecurrentBench(own, graph, true);
  }

  private static RtnParameters parameters(int kernel, List<Integer> widths) {
    return new RtnParameters(128, PASSES, 4, List.of(4, 2, 1), kernel, widths, 4, 20, 0.1, 1);
  }

  /** Matches pairs side by side. */
  public void match(int pairs) {
    Map<String, INDArray> inputs = inputs(pairs);
    graph.graph().output(inputs, "epe").values().forEach(INDArray::close);
    inputs.values().forEach(INDArray::close);
  }

  /** Makes the gradient of pairs side by side. */
  public void learn(int pairs) {
    Map<String, INDArray> inputs = inputs(pairs);
    String[] names = graph.parameters().stream().map(SDVariable::name).toArray(String[]::new);
    graph.graph().calculateGradients(inputs, names).values().forEach(INDArray::close);
    inputs.values().forEach(INDArray::close);
  }

  /** Multiplications and additions of a pair's geometric matching networks, all passes. */
  public double geometryFlops() {
    RtnShape shape = parameters.shape(FEATURES);
    double products = 0;

    for (int level = 0; level < shape.widths().size(); level++) {
      double cells = Math.ceil(SIDE / Math.pow(2, level)) * Math.ceil(SIDE / Math.pow(2, level));
      products += cells * products(shape.encoder(level));
      products += level + 1 < shape.widths().size() ? cells * products(shape.decoder(level)) : 0;
    }

    products += GRID.cells() * products(List.of(shape.output()));
    return 2 * PASSES * products;
  }

  private static double products(List<RtnShape.Layer> layers) {
    return layers.stream()
        .mapToDouble(layer -> (double) layer.kernel() * layer.kernel() * layer.in() * layer.out())
        .sum();
  }

  private Map<String, INDArray> inputs(int pairs) {
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    inputs.put("source", Nd4j.randn(DataType.FLOAT, pairs, SIDE, SIDE, FEATURES));
    inputs.put("target", Nd4j.randn(DataType.FLOAT, pairs, SIDE, SIDE, FEATURES));
    inputs.put("source.mask", Nd4j.ones(DataType.FLOAT, pairs, SIDE, SIDE, 1));
    inputs.put("truth", Nd4j.zeros(DataType.FLOAT, pairs, SIDE, SIDE, 2));
    inputs.put("truth.valid", Nd4j.ones(DataType.FLOAT, pairs, SIDE, SIDE, 1));

    if (styled) {
      int pixels = StyleNetwork.STRIDE * SAM.scale() * SIDE;
      inputs.put("source.image", Nd4j.rand(DataType.FLOAT, pairs, pixels, pixels, 3));
      inputs.put("target.image", Nd4j.rand(DataType.FLOAT, pairs, pixels, pixels, 3));
    }

    return inputs;
  }
}
