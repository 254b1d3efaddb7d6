package org.denseflow.backbone;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** A convolution ready to run: kernel [kH, kW, in, out] and bias [out]. */
  private record Kernel(INDArray weights, INDArray bias) {}

  /** y = x · scale + shift per channel, for a normalisation that nothing folds. */
  private record Affine(INDArray scale, INDArray shift) {}

  private final Map<String, Network.Node> nodes;
  private final List<String> outputs;
  private final Map<String, Kernel> kernels = new HashMap<>();
  private final Map<String, Affine> affines = new HashMap<>();
  private final Set<String> folded = new HashSet<>();
  private final Map<String, String> lastReader = new HashMap<>();
  private final String workspace = "network-" + System.identityHashCode(this);

  DirectNetwork(Network network, List<String> outputs, WeightMap weights) {
    this.nodes = network.upTo(outputs);
    this.outputs = List.copyOf(outputs);
    nodes.forEach((name, node) -> node.inputs().forEach(input -> lastReader.put(input, name)));
    prepare(weights);
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

      for (Map.Entry<String, Network.Node> entry : nodes.entrySet()) {
        values.put(entry.getKey(), compute(entry.getKey(), entry.getValue(), values));
      }

      return outputs.stream().map(name -> values.get(name).detach()).toList();
    }
  }

  @Override
  public void close() {
    kernels.values().forEach(kernel -> closeAll(kernel.weights(), kernel.bias()));
    affines.values().forEach(affine -> closeAll(affine.scale(), affine.shift()));
    Nd4j.getWorkspaceManager()
        .destroyWorkspace(
            Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread(MEMORY, workspace));
  }

  private static void closeAll(INDArray... arrays) {
    for (INDArray array : arrays) {
      if (array.closeable()) {
        array.close();
      }
    }
  }

  private INDArray compute(String name, Network.Node node, Map<String, INDArray> values) {
    INDArray x = values.get(node.inputs().get(0));

    if (node.layer() instanceof Layer.Convolution c) {
      return Ops.convolution(x, kernels.get(name).weights(), kernels.get(name).bias(), c);
    } else if (node.layer() instanceof Layer.BatchNormalisation) {
      return folded.contains(name)
          ? x
          : Ops.affine(x, affines.get(name).scale(), affines.get(name).shift());
    } else if (node.layer() instanceof Layer.Relu) {
      return Ops.relu(x, ownedBy(name, node.inputs().get(0)) ? x : null);
    } else if (node.layer() instanceof Layer.MaxPool pool) {
      return Ops.maxPool(x, pool);
    } else if (node.layer() instanceof Layer.Add) {
      INDArray y = values.get(node.inputs().get(1));
      return ownedBy(name, node.inputs().get(0)) ? x.addi(y) : x.add(y);
    } else if (node.layer() instanceof Layer.Concatenation) {
      return Nd4j.concat(3, x, values.get(node.inputs().get(1)));
    } else if (node.layer() instanceof Layer.GlobalAverage) {
      return x.mean(true, 1, 2);
    }

    throw Layer.unknown(node.layer());
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

  private void prepare(WeightMap weights) {
    Map<String, Integer> readers = Network.readers(nodes);

    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      for (Map.Entry<String, Network.Node> entry : nodes.entrySet()) {
        Network.Node node = entry.getValue();

        if (node.layer() instanceof Layer.Convolution c) {
          kernels.put(entry.getKey(), kernel(c, weights, follower(entry.getKey(), readers)));
        } else if (node.layer() instanceof Layer.BatchNormalisation b
            && !folded.contains(entry.getKey())) {
          double[][] scaleShift = b.scaleAndShift(weights);
          affines.put(
              entry.getKey(), new Affine(Ops.vector(scaleShift[0]), Ops.vector(scaleShift[1])));
        }
      }
    }
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

  private static Kernel kernel(
      Layer.Convolution c, WeightMap weights, Layer.BatchNormalisation normalisation) {
    float[] kernel = weights.tensors().get(c.weights() + ".weight").permute(2, 3, 1, 0).values();
    float[] values = kernel.clone();
    double[] bias = new double[c.out()];

    if (c.bias() == Layer.Bias.LEARNED) {
      float[] learned = weights.tensors().get(c.weights() + ".bias").values();

      for (int i = 0; i < bias.length; i++) {
        bias[i] = learned[i];
      }
    }

    if (normalisation != null) {
      double[][] scaleShift = normalisation.scaleAndShift(weights);

      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (values[i] * scaleShift[0][i % c.out()]);
      }

      for (int i = 0; i < bias.length; i++) {
        bias[i] = bias[i] * scaleShift[0][i] + scaleShift[1][i];
      }
    }

    INDArray array = Nd4j.create(values, new long[] {c.kernel(), c.kernel(), c.in(), c.out()}, 'c');
    return new Kernel(array, Ops.vector(bias));
  }

  /** The single operations, all on [batch, height, width, channels]. */
  static final class Ops {
    private Ops() {}

    static INDArray vector(double[] values) {
      float[] floats = new float[values.length];

      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }

      return Nd4j.createFromArray(floats);
    }

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
