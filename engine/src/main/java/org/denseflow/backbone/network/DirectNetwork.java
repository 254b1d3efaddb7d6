package org.denseflow.backbone.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.denseflow.backbone.ScaleAndShift;
import org.denseflow.weights.KernelLayout;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a network for inference: direct operations on {@code [batch, height, width, channels]}
 * arrays inside a workspace. A batch normalisation behind a convolution is folded into it; ReLU and
 * sums are done in place where nothing else reads their input.
 */
final class DirectNetwork implements AutoCloseable {
  private static final WorkspaceConfiguration MEMORY =
      WorkspaceConfiguration.builder()
          .policyAllocation(AllocationPolicy.STRICT)
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policySpill(SpillPolicy.REALLOCATE)
          .build();

  /** A node made ready to run: its output from the values of the nodes before it. */
  private interface Operation {
    INDArray apply(Map<String, INDArray> values);
  }

  private final Map<String, Network.Node> nodes;
  private final List<String> outputs;
  private final Map<String, Operation> operations = new LinkedHashMap<>();
  private final List<INDArray> constants = new ArrayList<>();
  private final Set<String> folded = new HashSet<>();
  private final Map<String, String> lastReader = new HashMap<>();
  private final String workspace = "network-" + System.identityHashCode(this);

  DirectNetwork(Network network, List<String> outputs, WeightMap weights) {
    this.nodes = network.upTo(outputs);
    this.outputs = List.copyOf(outputs);
    nodes.forEach((name, node) -> node.inputs().forEach(input -> lastReader.put(input, name)));
    Map<String, Integer> readers = Network.readers(nodes);

    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      nodes.forEach(
          (name, node) ->
              operations.put(
                  name, node.layer().accept(new Preparation(name, node, readers, weights))));
    }
  }

  /**
   * Runs a batch.
   *
   * @param input {@code [batch, height, width, 3]}, preprocessed
   * @return per output a detached array {@code [batch, h, w, c]}
   */
  List<INDArray> run(INDArray input) {
    try (MemoryWorkspace ignored =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(MEMORY, workspace)) {
      Map<String, INDArray> values = new HashMap<>();
      values.put(Network.INPUT, input);

      operations.forEach((name, operation) -> values.put(name, operation.apply(values)));
      return outputs.stream().map(name -> values.get(name).detach()).toList();
    }
  }

  @Override
  public void close() {
    constants.stream().filter(INDArray::closeable).forEach(INDArray::close);
    Nd4j.getWorkspaceManager()
        .destroyWorkspace(
            Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(MEMORY, workspace));
  }

  /** Makes a node ready: its weights as arrays, with what follows folded in. */
  private final class Preparation implements Layer.Visitor<Operation> {
    private final String name;
    private final String input;
    private final Network.Node node;
    private final Map<String, Integer> readers;
    private final WeightMap weights;

    private Preparation(
        String name, Network.Node node, Map<String, Integer> readers, WeightMap weights) {
      this.name = name;
      this.input = node.inputs().get(0);
      this.node = node;
      this.readers = readers;
      this.weights = weights;
    }

    @Override
    public Operation convolution(Layer.Convolution layer) {
      float[] kernel = stored(layer, ".weight").permute(KernelLayout.applied()).values();
      float[] bias =
          layer.bias() == Layer.Bias.LEARNED
              ? stored(layer, ".bias").values()
              : new float[layer.out()];
      Layer.BatchNormalisation follower = follower(name, readers);

      if (follower != null) {
        ScaleAndShift by = ScaleAndShift.of(weights, follower.weights(), follower.channels());
        kernel = by.kernel(kernel);
        bias = by.bias(bias);
      }

      INDArray array = constant(kernel, layer.kernel(), layer.kernel(), layer.in(), layer.out());
      INDArray shift = constant(bias, layer.out());
      return values -> Ops.convolution(values.get(input), array, shift, layer);
    }

    private Tensor stored(Layer.Convolution layer, String part) {
      return weights.tensors().get(layer.weights() + part);
    }

    @Override
    public Operation batchNormalisation(Layer.BatchNormalisation layer) {
      if (folded.contains(name)) {
        return values -> values.get(input);
      }

      ScaleAndShift by = ScaleAndShift.of(weights, layer.weights(), layer.channels());
      float[] ones = new float[layer.channels()];
      Arrays.fill(ones, 1);
      INDArray scale = constant(by.kernel(ones), layer.channels());
      INDArray shift = constant(by.bias(new float[layer.channels()]), layer.channels());
      return values -> Ops.affine(values.get(input), scale, shift);
    }

    @Override
    public Operation relu(Layer.Relu layer) {
      boolean inPlace = ownedBy(name, input);
      return values -> Ops.relu(values.get(input), inPlace ? values.get(input) : null);
    }

    @Override
    public Operation maxPool(Layer.MaxPool layer) {
      return values -> Ops.maxPool(values.get(input), layer);
    }

    @Override
    public Operation add(Layer.Add layer) {
      boolean inPlace = ownedBy(name, input);
      return values -> {
        INDArray x = values.get(input);
        INDArray y = values.get(node.inputs().get(1));
        return inPlace ? x.addi(y) : x.add(y);
      };
    }

    @Override
    public Operation concatenation(Layer.Concatenation layer) {
      return values -> Nd4j.concat(3, values.get(input), values.get(node.inputs().get(1)));
    }

    @Override
    public Operation globalAverage(Layer.GlobalAverage layer) {
      return values -> values.get(input).mean(true, 1, 2);
    }

    private INDArray constant(float[] values, long... shape) {
      INDArray array = Nd4j.create(values, shape, 'c');
      constants.add(array);
      return array;
    }
  }

  /** Whether a node may write over its input: it reads it last and nobody outside wants it. */
  private boolean ownedBy(String reader, String input) {
    String producer = input;

    while (folded.contains(producer)) {
      producer = nodes.get(producer).inputs().get(0);
    }

    return !input.equals(Network.INPUT)
        && !outputs.contains(input)
        && !outputs.contains(producer)
        && reader.equals(lastReader.get(input));
  }

  /** The normalisation that alone reads a convolution's output, which is then folded; or null. */
  private Layer.BatchNormalisation follower(String convolution, Map<String, Integer> readers) {
    if (outputs.contains(convolution) || readers.getOrDefault(convolution, 0) != 1) {
      return null;
    }

    for (Map.Entry<String, Network.Node> entry : nodes.entrySet()) {
      if (entry.getValue().inputs().equals(List.of(convolution))
          && entry.getValue().layer() instanceof Layer.BatchNormalisation b) {
        folded.add(entry.getKey());
        return b;
      }
    }

    return null;
  }

  /** The single operations, all on [batch, height, width, channels]. */
  static final class Ops {
    private Ops() {}

    static INDArray convolution(INDArray x, INDArray weights, INDArray bias, Layer.Convolution c) {
      long height = (x.size(1) + 2L * c.padding() - c.kernel()) / c.stride() + 1;
      long width = (x.size(2) + 2L * c.padding() - c.kernel()) / c.stride() + 1;
      INDArray y =
          Nd4j.createUninitialized(
              x.dataType(), new long[] {x.size(0), height, width, c.out()}, 'c');
      DynamicCustomOp op =
          DynamicCustomOp.builder("conv2d")
              .addInputs(x, weights, bias)
              .addOutputs(y)
              .addIntegerArguments(
                  c.kernel(),
                  c.kernel(),
                  c.stride(),
                  c.stride(),
                  c.padding(),
                  c.padding(),
                  1,
                  1,
                  0,
                  1,
                  0)
              .build();
      Nd4j.exec(op);
      return y;
    }

    static INDArray affine(INDArray x, INDArray scale, INDArray shift) {
      INDArray y = Nd4j.createUninitialized(x.dataType(), x.shape(), 'c');
      Nd4j.exec(DynamicCustomOp.builder("multiply").addInputs(x, scale).addOutputs(y).build());
      Nd4j.exec(DynamicCustomOp.builder("add").addInputs(y, shift).addOutputs(y).build());
      return y;
    }

    static INDArray relu(INDArray x, INDArray into) {
      INDArray y = into == null ? Nd4j.createUninitialized(x.dataType(), x.shape(), 'c') : into;
      Nd4j.exec(
          DynamicCustomOp.builder("relu")
              .addInputs(x)
              .addOutputs(y)
              .addFloatingPointArguments(0.0)
              .build());
      return y;
    }

    static INDArray maxPool(INDArray x, Layer.MaxPool pool) {
      int k = pool.kernel();
      int s = pool.stride();
      INDArray input = x;

      if (pool.rounding() == Layer.Rounding.CEIL) {
        input = padded(x, overhang(x.size(1), k, s), overhang(x.size(2), k, s));
      }

      long height = (input.size(1) + 2L * pool.padding() - k) / s + 1;
      long width = (input.size(2) + 2L * pool.padding() - k) / s + 1;
      INDArray y =
          Nd4j.createUninitialized(
              x.dataType(), new long[] {x.size(0), height, width, x.size(3)}, 'c');
      Nd4j.exec(
          DynamicCustomOp.builder("maxpool2d")
              .addInputs(input)
              .addOutputs(y)
              .addIntegerArguments(k, k, s, s, pool.padding(), pool.padding(), 1, 1, 0, 1, 1)
              .build());
      return y;
    }

    private static long overhang(long size, int kernel, int stride) {
      long rest = (size - kernel) % stride;
      return rest == 0 ? 0 : stride - rest;
    }

    private static INDArray padded(INDArray x, long bottom, long right) {
      if (bottom == 0 && right == 0) {
        return x;
      }

      INDArray y =
          Nd4j.create(x.dataType(), x.size(0), x.size(1) + bottom, x.size(2) + right, x.size(3));
      y.get(
              org.nd4j.linalg.indexing.NDArrayIndex.all(),
              org.nd4j.linalg.indexing.NDArrayIndex.interval(0, x.size(1)),
              org.nd4j.linalg.indexing.NDArrayIndex.interval(0, x.size(2)),
              org.nd4j.linalg.indexing.NDArrayIndex.all())
          .assign(x);
      return y;
    }
  }
}
