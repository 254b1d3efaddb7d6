package org.denseflow.style;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.denseflow.backbone.Preprocessing;
import org.denseflow.graph.NativeArrays;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The tensors of a style network's weight file: {@code encoder.*} and, where it has one, {@code
 * decoder.*}. Encoders are also read with the names of torchvision's VGG-19, {@code features.0} to
 * {@code features.19}, and of the normalised VGG-19 that AdaIN's authors made, {@code 0} to {@code
 * 29}, whose first layer is the colour's.
 */
public final class StyleWeights {
  private final WeightMap map;
  private final StyleShape shape;

  private StyleWeights(WeightMap map) {
    this.map = map;
    this.shape = StyleShape.of(map);
    map.requireAll(shape.encoderTensors());
  }

  /**
   * Reads a weight file.
   *
   * @throws WeightException if it lacks tensors of the encoder, or they have other shapes
   */
  public static StyleWeights read(Path file) {
    WeightMap all = WeightFile.read(file);
    WeightMap torchvision = all.closest(kernels("features.0", "features.2"));
    WeightMap own = all.closest(kernels("encoder.conv1_1", "encoder.conv1_2"));

    if (torchvision.names().contains("features.0.weight")) {
      Map<String, Tensor> tensors = renamed(torchvision, (i, place) -> "features." + place);
      tensors.put(StyleShape.COLOUR + ".weight", standardised());
      tensors.put(StyleShape.COLOUR + ".bias", new Tensor(new int[] {3}, offsets()));
      return of(torchvision, tensors);
    }

    if (own.names().contains("encoder.conv1_1.weight")) {
      return new StyleWeights(own);
    }

    // a convolution for the colours comes first, and a border before each other
    WeightMap normalised = all.closest(kernels("2", "5"));
    Map<String, Tensor> tensors = renamed(normalised, (i, place) -> String.valueOf(place + i + 2));
    copy(normalised, "0", StyleShape.COLOUR, tensors);
    return tensors.isEmpty() ? new StyleWeights(all) : of(normalised, tensors);
  }

  private static StyleWeights of(WeightMap file, Map<String, Tensor> tensors) {
    return new StyleWeights(new WeightMap(file.file(), file.digest(), tensors, file.metadata()));
  }

  /** The kernels of VGG's first two convolutions, by which a layout is known. */
  private static Map<String, int[]> kernels(String first, String second) {
    return Map.of(
        first + ".weight", new int[] {64, 3, 3, 3}, second + ".weight", new int[] {64, 64, 3, 3});
  }

  /** The name of the i-th convolution, which has a place in torchvision's {@code features}. */
  private interface Naming {
    String name(int i, int place);
  }

  private static Map<String, Tensor> renamed(WeightMap map, Naming from) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int i = 0;

    for (int stage = 0; stage < StyleShape.RELU4_1.stages(); stage++) {
      for (StyleShape.Layer layer : StyleShape.RELU4_1.encoder(stage)) {
        copy(map, from.name(i++, layer.place()), layer.name(), tensors);
      }
    }

    return tensors;
  }

  private static void copy(WeightMap map, String from, String to, Map<String, Tensor> tensors) {
    for (String part : List.of(".weight", ".bias")) {
      Tensor tensor = map.tensors().get(from + part);

      if (tensor != null) {
        tensors.put(to + part, tensor);
      }
    }
  }

  /** A convolution of 1x1 that divides by the deviations. */
  private static Tensor standardised() {
    float[] values = new float[9];

    for (int c = 0; c < 3; c++) {
      values[4 * c] = 1 / Preprocessing.IMAGENET.std().get(c).floatValue();
    }

    return new Tensor(new int[] {3, 3, 1, 1}, values);
  }

  private static float[] offsets() {
    float[] values = new float[3];

    for (int c = 0; c < 3; c++) {
      values[c] =
          -Preprocessing.IMAGENET.mean().get(c).floatValue()
              / Preprocessing.IMAGENET.std().get(c).floatValue();
    }

    return values;
  }

  /** How far the encoder goes. */
  public StyleShape shape() {
    return shape;
  }

  /** Of the file. */
  public String digest() {
    return map.digest();
  }

  /** Whether there is anything of a decoder. */
  public boolean hasDecoder() {
    return map.names().stream().anyMatch(name -> name.startsWith(StyleShape.DECODER));
  }

  /**
   * Checks that the decoder is complete.
   *
   * @throws WeightException if it lacks tensors, or they have other shapes
   */
  public StyleWeights requireDecoder() {
    if (!hasDecoder()) {
      throw new WeightException(
          "weights.missing-tensor",
          "Cannot use weights %s: an encoder without a decoder; train one with TrainJob --preset codec --codec %s"
              .formatted(map.file(), map.file()));
    }

    map.requireAll(shape.tensors());
    return this;
  }

  /** The tensors of encoder and decoder as a model file has them. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shape
        .tensors()
        .keySet()
        .forEach(
            name ->
                Optional.ofNullable(map.tensors().get(name))
                    .ifPresent(tensor -> tensors.put(name, tensor)));
    return tensors;
  }

  /**
   * The tensors as arrays, kernels {@code [out, in, kH, kW]}. A missing decoder is drawn at random
   * (He initialisation).
   *
   * @param seed of its numbers
   */
  public Map<String, INDArray> arrays(long seed) {
    Map<String, INDArray> arrays = new HashMap<>();
    Random random = new Random(seed);
    boolean drawn = !hasDecoder();

    shape
        .tensors()
        .forEach(
            (name, sides) -> {
              boolean made = drawn && name.startsWith(StyleShape.DECODER);
              float[] values = made ? initial(sides, random) : map.take(name, sides).values();
              arrays.put(name, NativeArrays.of(values, sides));
            });
    return arrays;
  }

  private static float[] initial(int[] sides, Random random) {
    int fan = sides.length == 1 ? 0 : sides[1] * sides[2] * sides[3];
    float[] values = new float[sides[0] * Math.max(1, fan)];

    for (int i = 0; fan > 0 && i < values.length; i++) {
      values[i] = (float) (Math.sqrt(2.0 / fan) * random.nextGaussian());
    }

    return values;
  }
}
