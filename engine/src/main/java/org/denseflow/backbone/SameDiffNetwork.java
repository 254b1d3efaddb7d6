package org.denseflow.backbone;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network as a SameDiff graph, for training: the same description as {@link DirectNetwork} runs,
 * activations {@code [batch, height, width, channels]}. Batch normalisation uses the running
 * statistics, as one multiplication and one addition per channel. Kernels and biases are variables
 * named like the tensors they come from.
 */
public final class SameDiffNetwork {
  private final SameDiff graph;
  private final DataType type;
  private final Map<String, UnaryOperator<SDVariable>> normalisers;
  private final List<String> outputs = new ArrayList<>();

  /**
   * Builds the part of a network that the given nodes need.
   *
   * @param nodes names of the nodes to compute
   * @throws org.denseflow.weights.WeightException if tensors are missing or mis-shaped
   */
  public SameDiffNetwork(Network network, List<String> nodes, WeightMap weights) {
    this(network, nodes, weights, input(), Map.of());
  }

  /**
   * Builds it into a graph.
   *
   * @param input {@code [batch, height, width, 3]}, preprocessed; its type is that of the
   *     parameters
   * @param normalisers by node, what follows a convolution in place of its bias
   */
  public SameDiffNetwork(
      Network network,
      List<String> nodes,
      WeightMap weights,
      SDVariable input,
      Map<String, UnaryOperator<SDVariable>> normalisers) {
    this.normalisers = normalisers;
    this.graph = input.getSameDiff();
    this.type = input.dataType();
    Map<String, Network.Node> needed = network.upTo(nodes);
    weights.requireAll(Network.tensorsOf(needed));
    Map<String, SDVariable> values = new HashMap<>();
    values.put(Network.INPUT, input);
    needed.forEach((name, node) -> values.put(name, layer(name, node, values, weights)));
    nodes.forEach(name -> outputs.add(values.get(name).name()));
  }

  private static SDVariable input() {
    return SameDiff.create().placeHolder(Network.INPUT, DataType.FLOAT, -1, -1, -1, 3);
  }

  /** The graph; of its own, it has the placeholder {@code input}. */
  public SameDiff graph() {
    return graph;
  }

  /** The variables that hold the requested nodes, in their order. */
  public List<String> outputs() {
    return outputs;
  }

  /**
   * Computes the requested nodes.
   *
   * @param input {@code [batch, height, width, 3]}, preprocessed
   */
  public List<INDArray> run(INDArray input) {
    Map<String, INDArray> results = graph.output(Map.of(Network.INPUT, input), outputs);
    return outputs.stream().map(results::get).toList();
  }

  private SDVariable layer(
      String name, Network.Node node, Map<String, SDVariable> values, WeightMap weights) {
    SDVariable x = values.get(node.inputs().get(0));

    if (node.layer() instanceof Layer.Convolution c) {
      return convolution(name, x, c, weights);
    } else if (node.layer() instanceof Layer.BatchNormalisation b) {
      double[][] scaleShift = b.scaleAndShift(weights);
      return x.mul(constant(scaleShift[0])).add(constant(scaleShift[1]));
    } else if (node.layer() instanceof Layer.Relu) {
      return graph.nn().relu(x, 0);
    } else if (node.layer() instanceof Layer.MaxPool pool) {
      return maxPool(x, pool);
    } else if (node.layer() instanceof Layer.Add) {
      return x.add(values.get(node.inputs().get(1)));
    } else if (node.layer() instanceof Layer.Concatenation) {
      return graph.concat(3, x, values.get(node.inputs().get(1)));
    } else if (node.layer() instanceof Layer.GlobalAverage) {
      return x.mean(true, 1, 2);
    }

    throw Layer.unknown(node.layer());
  }

  private SDVariable constant(double[] values) {
    return graph.constant(Nd4j.createFromArray(values).castTo(type));
  }

  private SDVariable convolution(
      String name, SDVariable x, Layer.Convolution c, WeightMap weights) {
    Tensor kernel = weights.tensors().get(c.weights() + ".weight").permute(2, 3, 1, 0);
    SDVariable w =
        graph.var(
            c.weights() + ".weight",
            Nd4j.createFromArray(kernel.values())
                .castTo(type)
                .reshape('c', c.kernel(), c.kernel(), c.in(), c.out()));
    Conv2DConfig config =
        Conv2DConfig.builder()
            .kH(c.kernel())
            .kW(c.kernel())
            .sH(c.stride())
            .sW(c.stride())
            .pH(c.padding())
            .pW(c.padding())
            .paddingMode(PaddingMode.VALID)
            .dataFormat("NHWC")
            .build();

    if (normalisers.containsKey(name)) {
      return normalisers.get(name).apply(graph.cnn().conv2d(x, w, config));
    }

    if (c.bias() == Layer.Bias.NONE) {
      return graph.cnn().conv2d(x, w, config);
    }

    SDVariable bias =
        graph.var(
            c.weights() + ".bias",
            Nd4j.createFromArray(weights.tensors().get(c.weights() + ".bias").values())
                .castTo(type));
    return graph.cnn().conv2d(x, w, bias, config);
  }

  /**
   * Ceil rounding: one more row and column of zeros. Where the window fits without it, the extra
   * row and column are not reached, since they are too short for another window.
   */
  private SDVariable maxPool(SDVariable x, Layer.MaxPool pool) {
    SDVariable input = x;

    if (pool.rounding() == Layer.Rounding.CEIL) {
      SDVariable border =
          graph.constant(Nd4j.createFromArray(new int[][] {{0, 0}, {0, 1}, {0, 1}, {0, 0}}));
      input = graph.nn().pad(x, border, 0);
    }

    Pooling2DConfig config =
        Pooling2DConfig.builder()
            .kH(pool.kernel())
            .kW(pool.kernel())
            .sH(pool.stride())
            .sW(pool.stride())
            .pH(pool.padding())
            .pW(pool.padding())
            .paddingMode(PaddingMode.VALID)
            .isNHWC(true)
            .build();
    return graph.cnn().maxPooling2d(input, config);
  }
}
