package org.denseflow.backbone.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.denseflow.weights.WeightException;

/**
 * The classes that a configuration may name: DL4J makes whatever class it finds under
 * {@code @class}, so that nothing is handed to it before it was looked through. Layers and vertices
 * are those that compute an image's activations from that image alone, and the usual heads, which
 * are left out.
 */
final class KnownLayers {
  private static final String CLASS = "@class";

  private static final String CONF = "org.deeplearning4j.nn.conf.";

  private static final Set<String> LAYERS =
      Set.of(
          "ActivationLayer",
          "BatchNormalization",
          "CenterLossOutputLayer",
          "CnnLossLayer",
          "Convolution2D",
          "ConvolutionLayer",
          "Deconvolution2D",
          "DenseLayer",
          "DepthwiseConvolution2D",
          "DropoutLayer",
          "GlobalPoolingLayer",
          "LocalResponseNormalization",
          "LossLayer",
          "OutputLayer",
          "PReLULayer",
          "Pooling2D",
          "SeparableConvolution2D",
          "SpaceToDepthLayer",
          "SubsamplingLayer",
          "Upsampling2D",
          "ZeroPaddingLayer",
          "convolutional.Cropping2D",
          "misc.FrozenLayer",
          "misc.FrozenLayerWithBackprop",
          "objdetect.Yolo2OutputLayer");

  private static final Set<String> VERTICES =
      Set.of(
          "ElementWiseVertex",
          "L2NormalizeVertex",
          "LayerVertex",
          "MergeVertex",
          "PoolHelperVertex",
          "PreprocessorVertex",
          "ReshapeVertex",
          "ScaleVertex",
          "ShiftVertex",
          "SubsetVertex");

  /** Of numbers alone: activations, initial weights, what is needed for training. */
  private static final List<String> VALUES =
      List.of(
          "org.nd4j.linalg.activations.impl.",
          "org.nd4j.linalg.learning.config.",
          "org.nd4j.linalg.learning.regularization.",
          "org.nd4j.linalg.lossfunctions.impl.",
          "org.nd4j.linalg.schedule.",
          "org.deeplearning4j.nn.weights.",
          CONF + "constraint.",
          CONF + "distribution.",
          CONF + "dropout.",
          CONF + "preprocessor.",
          CONF + "stepfunctions.",
          CONF + "weightnoise.");

  /** Geometry by its key, and the least that it may be; 1024 at most. */
  private static final Map<String, Integer> LEAST =
      Map.of(
          "kernelSize", 1,
          "stride", 1,
          "dilation", 1,
          "blockSize", 1,
          "size", 1,
          "padding", 0,
          "cropping", 0);

  private static final int MOST = 1024;

  private KnownLayers() {}

  /**
   * Looks through a configuration, and makes it one of single precision.
   *
   * @throws WeightException if it names another class, or geometry is out of range
   */
  static void check(JsonNode node) {
    if (node.has(CLASS)) {
      requireKnown(node.get(CLASS).asText());
    }

    if (node instanceof ObjectNode object && object.has("dataType")) {
      single(object);
    }

    node.properties().forEach(field -> requireRange(field.getKey(), field.getValue()));
    node.forEach(KnownLayers::check);
  }

  /** Parameters are read in single precision, whatever they were saved in. */
  private static void single(ObjectNode object) {
    object.replace("dataType", TextNode.valueOf("FLOAT"));
  }

  private static void requireKnown(String name) {
    boolean isKnown =
        isOf(name, CONF + "layers.", LAYERS)
            || isOf(name, CONF + "graph.", VERTICES)
            || VALUES.stream()
                .anyMatch(
                    values ->
                        name.startsWith(values)
                            && name.substring(values.length()).matches("[A-Za-z0-9_]+"));

    if (!isKnown) {
      throw WeightException.unsupported(
          "class %s is none of the layers and vertices of images that are known: %s"
              .formatted(name, Stream.of(LAYERS, VERTICES).flatMap(Set::stream).sorted().toList()));
    }
  }

  private static boolean isOf(String name, String prefix, Set<String> names) {
    return name.startsWith(prefix) && names.contains(name.substring(prefix.length()));
  }

  private static void requireRange(String key, JsonNode value) {
    Integer least = LEAST.get(key);

    if (least == null || value.isObject() || value.isNull()) {
      return;
    }

    for (JsonNode number : value.isArray() ? value : List.of(value)) {
      if (!number.isInt() || number.asInt() < least || number.asInt() > MOST) {
        throw WeightException.malformed(
            "%s must be from %d to %d, found %s".formatted(key, least, MOST, number));
      }
    }
  }
}
