package org.denseflow.style;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.denseflow.backbone.network.Layer.Convolution;
import org.denseflow.backbone.network.Network;
import org.denseflow.backbone.network.Networks;
import org.denseflow.geometry.Size;
import org.denseflow.weights.WeightMap;

/**
 * How far a style network goes down VGG-19: to relu3_1 with three stages, to relu4_1 (SAM-Net,
 * Section 5.1) with four. Between two stages the sides are halved.
 */
public enum StyleShape {
  /** 256 channels at a quarter of the width and height. */
  RELU3_1(3),
  /** 512 channels at an eighth. */
  RELU4_1(4);

  /** Begins the names of the decoder's tensors. */
  public static final String DECODER = "decoder.";

  private static final String ENCODER = "encoder.";

  /** Before the first convolution: RGB from 0 to 1 as the network was trained on. */
  static final String COLOUR = "encoder.colour";

  private static final Network VGG19 = Networks.named("vgg19");
  private static final String FEATURES = "features.";
  private static final int COLOURS = 3;

  private final int stages;

  StyleShape(int stages) {
    this.stages = stages;
  }

  /**
   * A convolution.
   *
   * @param name of its tensors, without {@code .weight} and {@code .bias}
   * @param place in torchvision's {@code features}; a decoder's layer has that of its counterpart
   */
  record Layer(String name, int place, int kernel, int in, int out) {}

  /** The one that a file's tensors reach: relu4_1 where it has conv4_1. */
  static StyleShape of(WeightMap file) {
    return file.names().contains("encoder.conv4_1.weight") ? RELU4_1 : RELU3_1;
  }

  int stages() {
    return stages;
  }

  /** The side of a feature cell in pixels, of which the sides of images are multiples. */
  public int stride() {
    return 1 << (stages - 1);
  }

  /** Of the features. */
  public int channels() {
    return linked(stages - 1);
  }

  /** Levels above the features that a decoder can be linked to: relu1_2, relu2_2 and relu3_4. */
  public int links() {
    return stages - 1;
  }

  /** Channels of a level, counted from 0. */
  public int linked(int level) {
    return encoder(level).get(0).out();
  }

  /** Numbers of an image at a level. */
  public long values(int level, Size pixels) {
    return (long) pixels.over(1 << level).cells() * linked(level);
  }

  /** The encoder's convolutions of a stage, counted from 0; the last stage has one. */
  List<Layer> encoder(int stage) {
    return VGG19.convolutions().entrySet().stream()
        .filter(node -> node.getKey().startsWith("conv%d_".formatted(stage + 1)))
        .limit(stage == stages - 1 ? 1 : Long.MAX_VALUE)
        .map(node -> layer(node.getKey(), node.getValue()))
        .toList();
  }

  private static Layer layer(String node, Convolution layer) {
    int place = Integer.parseInt(layer.weights().substring(FEATURES.length()));
    return new Layer(ENCODER + node, place, layer.kernel(), layer.in(), layer.out());
  }

  /** The decoder's convolutions of a stage: the encoder's the other way round. */
  List<Layer> decoder(int stage) {
    List<Layer> layers = new ArrayList<>();

    for (Layer there : encoder(stage)) {
      String name = DECODER + there.name().substring(ENCODER.length());
      layers.add(0, new Layer(name, there.place(), there.kernel(), there.out(), there.in()));
    }

    return layers;
  }

  /** Multiplications that an image takes there and back. */
  public double products(Size image) {
    double products = 0;

    for (int stage = 0; stage < stages; stage++) {
      double pixels = image.over(1 << stage).cells();

      for (Layer layer : encoder(stage)) {
        // there and, the other way round, back
        products += 2 * pixels * layer.kernel() * layer.kernel() * layer.in() * layer.out();
      }
    }

    return products;
  }

  /** The shapes of the encoder's tensors, kernels {@code [out, in, kH, kW]}. */
  Map<String, int[]> encoderTensors() {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer(COLOUR, 0, 1, COLOURS, COLOURS));
    IntStream.range(0, stages).forEach(stage -> layers.addAll(encoder(stage)));
    return tensors(layers);
  }

  /** The shapes of the decoder's tensors, kernels {@code [out, in, kH, kW]}. */
  Map<String, int[]> decoderTensors() {
    List<Layer> layers = new ArrayList<>();
    IntStream.range(0, stages).forEach(stage -> layers.addAll(decoder(stages - 1 - stage)));
    return tensors(layers);
  }

  /** The shapes of all tensors, kernels {@code [out, in, kH, kW]}. */
  public Map<String, int[]> tensors() {
    Map<String, int[]> all = new LinkedHashMap<>(encoderTensors());
    all.putAll(decoderTensors());
    return all;
  }

  private static Map<String, int[]> tensors(List<Layer> layers) {
    Map<String, int[]> tensors = new LinkedHashMap<>();

    for (Layer layer : layers) {
      int side = layer.kernel();
      tensors.put(layer.name() + ".weight", new int[] {layer.out(), layer.in(), side, side});
      tensors.put(layer.name() + ".bias", new int[] {layer.out()});
    }

    return tensors;
  }
}
