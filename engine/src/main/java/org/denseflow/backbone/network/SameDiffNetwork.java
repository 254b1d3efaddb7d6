package org.denseflow.backbone.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.denseflow.backbone.ScaleAndShift;
import org.denseflow.graph.NativeArrays;
import org.denseflow.weights.KernelLayout;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
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
   * Builds the part of a network that the given nodes need into a graph.
   *
   * @param nodes names of the nodes to compute
   * @param input {@code [batch, height, width, 3]}, preprocessed; its type is that of the
   *     parameters
   * @param normalisers by node, what follows a convolution in place of its bias
   * @throws org.denseflow.weights.WeightException if tensors are missing or mis-shaped
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
    needed.forEach(
        (name, node) -> {
          List<SDVariable> inputs = node.inputs().stream().map(values::get).toList();
          values.put(name, node.layer().accept(new Addition(name, inputs, weights)));
        });
    nodes.forEach(name -> outputs.add(values.get(name).name()));
  }

  /** The variables that hold the requested nodes, in their order. */
  public List<String> outputs() {
    return outputs;
  }

  /** What a node adds to the graph. */
  private final class Addition implements Layer.Visitor<SDVariable> {
    private final String name;
    private final List<SDVariable> inputs;
    private final WeightMap weights;

    private Addition(String name, List<SDVariable> inputs, WeightMap weights) {
      this.name = name;
      this.inputs = inputs;
      this.weights = weights;
    }

    @Override
    public SDVariable convolution(Layer.Convolution layer) {
      return SameDiffNetwork.this.convolution(name, inputs.get(0), layer, weights);
    }

    @Override
    public SDVariable batchNormalisation(Layer.BatchNormalisation layer) {
      ScaleAndShift by = ScaleAndShift.of(weights, layer.weights(), layer.channels());
      return inputs.get(0).mul(constant(by.scale())).add(constant(by.shift()));
    }

    @Override
    public SDVariable relu(Layer.Relu layer) {
      return graph.nn().relu(inputs.get(0), 0);
    }

    @Override
    public SDVariable maxPool(Layer.MaxPool layer) {
      return SameDiffNetwork.this.maxPool(inputs.get(0), layer);
    }

    @Override
    public SDVariable add(Layer.Add layer) {
      return inputs.get(0).add(inputs.get(1));
    }

    @Override
    public SDVariable concatenation(Layer.Concatenation layer) {
      return graph.concat(3, inputs.get(0), inputs.get(1));
    }

    @Override
    public SDVariable globalAverage(Layer.GlobalAverage layer) {
      return inputs.get(0).mean(true, 1, 2);
    }
  }

  private SDVariable constant(double[] values) {
    return graph.constant(NativeArrays.cast(Nd4j.createFromArray(values), type));
  }

  private SDVariable convolution(
      String name, SDVariable x, Layer.Convolution c, WeightMap weights) {
    Tensor kernel = weights.tensors().get(c.weights() + ".weight").permute(KernelLayout.applied());
    SDVariable w =
        graph.var(
            c.weights() + ".weight",
            NativeArrays.cast(NativeArrays.of(kernel.values(), kernel.shape()), type));
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
            NativeArrays.cast(
                Nd4j.createFromArray(weights.tensors().get(c.weights() + ".bias").values()), type));
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
