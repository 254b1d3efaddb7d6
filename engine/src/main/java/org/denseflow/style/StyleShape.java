package org.denseflow.style;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.denseflow.graph.GridSize;
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

  /** Before the first convolution: RGB from 0 to 1 as the network was trained on. */
  static final String COLOUR = "encoder.colour";

  private static final int[] WIDTHS = {64, 128, 256, 512};
  private static final int[] CONVOLUTIONS = {2, 2, 4, 4};
  private static final int COLOURS = 3;

  private final int stages;

  StyleShape(int stages) {
    this.stages = stages;
  }

  /**
   * A convolution.
   *
   * @param name of its tensors, without {@code .weight} and {@code .bias}
   */
  record Layer(String name, int kernel, int in, int out) {}

  /** The one that a file's tensors reach: relu4_1 where it has conv4_1. */
  static StyleShape of(WeightMap file) {
    return file.names().contains("encoder.conv4_1.weight") ? RELU4_1 : RELU3_1;
  }

  int stages() {
    return stages;
  }

  /** Sides of images are multiples of it; features have one cell for so many pixels. */
  public int stride() {
    return 1 << (stages - 1);
  }

  /** Of the features. */
  public int channels() {
    return WIDTHS[stages - 1];
  }

  /** Levels above the features that a decoder can be linked to: relu1_2, relu2_2 and relu3_4. */
  public int links() {
    return stages - 1;
  }

  /** Channels of a level, counted from 0. */
  public int linked(int level) {
    return WIDTHS[level];
  }

  /** Numbers of an image at a level. */
  public long values(int level, GridSize pixels) {
    return (long) (pixels.height() >> level) * (pixels.width() >> level) * linked(level);
  }

  /** The encoder's convolutions of a stage, counted from 0; the last stage has one. */
  List<Layer> encoder(int stage) {
    List<Layer> layers = new ArrayList<>();

    for (int i = 0; i < (stage == stages - 1 ? 1 : CONVOLUTIONS[stage]); i++) {
      int in = i > 0 ? WIDTHS[stage] : above(stage);
      layers.add(new Layer(name("encoder.", stage, i), 3, in, WIDTHS[stage]));
    }

    return layers;
  }

  /** The decoder's convolutions of a stage: the encoder's the other way round. */
  List<Layer> decoder(int stage) {
    List<Layer> layers = new ArrayList<>();

    for (int i = encoder(stage).size() - 1; i >= 0; i--) {
      int out = i > 0 ? WIDTHS[stage] : above(stage);
      layers.add(new Layer(name(DECODER, stage, i), 3, WIDTHS[stage], out));
    }

    return layers;
  }

  private static int above(int stage) {
    return stage == 0 ? COLOURS : WIDTHS[stage - 1];
  }

  private static String name(String part, int stage, int i) {
    return "%sconv%d_%d".formatted(part, stage + 1, i + 1);
  }

  /** Multiplications that an image takes there and back. */
  public double products(int height, int width) {
    double products = 0;

    for (int stage = 0; stage < stages; stage++) {
      double pixels = (double) (height >> stage) * (width >> stage);

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
    layers.add(new Layer(COLOUR, 1, COLOURS, COLOURS));
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
