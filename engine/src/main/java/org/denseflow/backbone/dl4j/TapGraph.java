package org.denseflow.backbone.dl4j;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.denseflow.backbone.Tap;
import org.denseflow.weights.WeightException;

/** The vertices of a computation graph that make feature maps, and their strides. */
final class TapGraph {
  private static final long MOST_VALUES = 1L << 30;

  private final ComputationGraphConfiguration configuration;
  private final String input;

  /** Pixels from one cell to the next, of each vertex that makes feature maps. */
  private final Map<String, Double> strides = new LinkedHashMap<>();

  /**
   * Finds them.
   *
   * @throws WeightException if the graph has several inputs, or circles, or no feature maps
   */
  TapGraph(ComputationGraphConfiguration configuration) {
    this.configuration = configuration;

    if (configuration.getNetworkInputs().size() != 1) {
      throw WeightException.unsupported(
          "the network has inputs %s; it must have one, an image"
              .formatted(configuration.getNetworkInputs()));
    }

    this.input = configuration.getNetworkInputs().get(0);
    strides.put(input, 1.0);
    Set<String> open = new TreeSet<>(configuration.getVertexInputs().keySet());

    while (!open.isEmpty()) {
      List<String> ready =
          open.stream()
              .filter(
                  name ->
                      configuration.getVertexInputs().get(name).stream().noneMatch(open::contains))
              .toList();

      if (ready.isEmpty()) {
        throw WeightException.malformed("the network is a circle of " + open);
      }

      ready.forEach(this::add);
      open.removeAll(ready);
    }

    strides.remove(input);

    if (strides.isEmpty()) {
      throw WeightException.unsupported("the network makes no feature maps");
    }
  }

  private void add(String name) {
    List<String> inputs = configuration.getVertexInputs().get(name);
    GraphVertex vertex = configuration.getVertices().get(name);

    if (vertex == null || inputs.isEmpty()) {
      throw WeightException.malformed("vertex %s has no definition or no input".formatted(name));
    }

    if (strides.keySet().containsAll(inputs)) {
      factor(vertex).ifPresent(factor -> strides.put(name, strides.get(inputs.get(0)) * factor));
    }
  }

  /**
   * What a vertex multiplies the stride by; empty where it makes no feature maps of feature maps.
   */
  private static Optional<Double> factor(GraphVertex vertex) {
    if (vertex instanceof PreprocessorVertex || vertex instanceof ReshapeVertex) {
      return Optional.empty();
    }

    return vertex instanceof LayerVertex of
        ? Optional.of(of).filter(own -> own.getPreProcessor() == null).flatMap(TapGraph::ofLayer)
        : Optional.of(1.0);
  }

  private static Optional<Double> ofLayer(LayerVertex vertex) {
    Layer layer = unwrapped(vertex.getLayerConf().getLayer());

    if (layer instanceof Deconvolution2D up) {
      return Optional.of(1.0 / up.getStride()[0]);
    } else if (layer instanceof ConvolutionLayer convolution) {
      return Optional.of((double) convolution.getStride()[0]);
    } else if (layer instanceof SubsamplingLayer pooling) {
      return Optional.of((double) pooling.getStride()[0]);
    } else if (layer instanceof SpaceToDepthLayer blocks) {
      return Optional.of((double) blocks.getBlockSize());
    } else if (layer instanceof Upsampling2D up) {
      return Optional.of(1.0 / up.getSize()[0]);
    }

    boolean isHead =
        layer instanceof DenseLayer
            || layer instanceof BaseOutputLayer
            || layer instanceof LossLayer
            || layer instanceof CnnLossLayer
            || layer instanceof GlobalPoolingLayer
            || layer instanceof Yolo2OutputLayer;
    return isHead ? Optional.empty() : Optional.of(1.0);
  }

  private static Layer unwrapped(Layer layer) {
    if (layer instanceof FrozenLayer frozen) {
      return unwrapped(frozen.getLayer());
    }

    return layer instanceof BaseWrapperLayer wrapper ? unwrapped(wrapper.getUnderlying()) : layer;
  }

  /** All taps, in an order of computation. */
  List<Tap> taps() {
    return strides.entrySet().stream()
        .map(stride -> new Tap(stride.getKey(), whole(stride.getValue())))
        .toList();
  }

  private static Optional<Integer> whole(double stride) {
    return Optional.of((int) Math.rint(stride)).filter(pixels -> pixels == stride);
  }

  /** The layout of images: that of all layers which have one. */
  CNN2DFormat format() {
    Set<CNN2DFormat> formats = new HashSet<>();

    for (GraphVertex vertex : configuration.getVertices().values()) {
      if (vertex instanceof LayerVertex of
          && unwrapped(of.getLayerConf().getLayer()) instanceof ConvolutionLayer convolution) {
        formats.add(convolution.getCnn2dDataFormat());
      }
    }

    if (formats.size() > 1) {
      throw WeightException.unsupported("some of its layers are NCHW, others NHWC");
    }

    return formats.isEmpty() ? CNN2DFormat.NCHW : formats.iterator().next();
  }

  /** The configuration of what the given taps need, which are its outputs. */
  ComputationGraphConfiguration upTo(List<String> taps) {
    Set<String> needed = needed(taps);
    ComputationGraphConfiguration part = configuration.clone();
    part.getVertices().keySet().retainAll(needed);
    part.getVertexInputs().keySet().retainAll(needed);
    part.setNetworkOutputs(taps);
    part.setTopologicalOrder(null);
    part.setTopologicalOrderStr(null);
    return part;
  }

  private Set<String> needed(List<String> taps) {
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(taps);

    while (!open.isEmpty()) {
      String name = open.pop();

      if (!name.equals(input) && needed.add(name)) {
        open.addAll(configuration.getVertexInputs().get(name));
      }
    }

    return needed;
  }

  /**
   * Checks that images of a size can go through the network to its taps.
   *
   * @throws IllegalArgumentException if a layer cannot take them, or would make more values than
   *     memory holds
   */
  void requireSize(List<String> taps, int height, int width) {
    Set<String> needed = needed(taps);
    Map<String, InputType> types = new LinkedHashMap<>();
    types.put(input, InputType.convolutional(height, width, 3, format()));

    for (String name : strides.keySet()) {
      if (needed.contains(name)) {
        types.put(name, output(name, types, height, width));
      }
    }
  }

  private InputType output(String name, Map<String, InputType> types, int height, int width) {
    InputType[] inputs =
        configuration.getVertexInputs().get(name).stream()
            .map(types::get)
            .toArray(InputType[]::new);

    try {
      InputType type = configuration.getVertices().get(name).getOutputType(0, inputs);

      if (type.arrayElementsPerExample() > MOST_VALUES) {
        throw new IllegalArgumentException(
            "it makes %d values".formatted(type.arrayElementsPerExample()));
      }

      return type;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "Cannot describe images of %dx%d: vertex %s does not take them: %s; set image.width and image.height to sizes that it takes"
              .formatted(width, height, name, e.getMessage()),
          e);
    }
  }
}
