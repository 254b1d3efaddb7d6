package org.denseflow.matcher.recurrent;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.denseflow.graph.AffineReceptiveField;
import org.denseflow.graph.ConvolutionLayers;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightMap;

/**
 * The shape of RTNs' networks, from which their tensors follow.
 *
 * @param features channels of the backbone's features
 * @param channels that they are reduced to
 * @param radius of the search window N_i, in places; 4 for 9x9
 * @param dilation cells from place to place of the window, of each pass; the last for all that
 *     follow
 * @param coarsePasses how many of the first passes are on a grid of half the width and height
 * @param kernel of the geometric matching network's first and last layer; 9 in the released code
 * @param widths channels of its levels, from the finest
 */
record RtnShape(
    int features,
    int channels,
    int radius,
    List<Integer> dilation,
    int coarsePasses,
    int kernel,
    List<Integer> widths) {
  static final String PREFIX = "rtn.";
  static final String REDUCE = "reduce";
  static final String LAST = "last";

  /** Begins the names of the coarse grid's layers. */
  static final String COARSE = "coarse-";

  static final String OUTPUT = "output";

  private static final String RADIUS = "denseflow.radius";
  private static final String DILATION = "denseflow.dilation";
  private static final String COARSE_PASSES = "denseflow.coarse-passes";
  private static final String LEVELS = "denseflow.levels";

  RtnShape {
    dilation = List.copyOf(dilation);
    widths = List.copyOf(widths);
  }

  /** Grids: one, or two where the first passes are on a coarser one. */
  int levels() {
    return coarsePasses > 0 ? 2 : 1;
  }

  /** Places of the window. */
  int places() {
    return (2 * radius + 1) * (2 * radius + 1);
  }

  /** Of a pass, counted from 0. */
  int dilation(int pass) {
    return dilation.get(Math.min(pass, dilation.size() - 1));
  }

  /** A layer of the geometric matching network. */
  record Layer(String name, int kernel, int in, int out) {}

  /** The two layers of a level on the way down. */
  List<Layer> encoder(int level) {
    int in = level == 0 ? places() : widths.get(level - 1);
    return pair("encode" + level, level == 0 ? kernel : 3, in, widths.get(level));
  }

  /** The two layers of a level on the way back; they see the level below and the same one. */
  List<Layer> decoder(int level) {
    int in = widths.get(level + 1) + widths.get(level);
    return pair("decode" + level, 3, in, widths.get(level));
  }

  private static List<Layer> pair(String name, int kernel, int in, int out) {
    return List.of(new Layer(name + "a", kernel, in, out), new Layer(name + "b", 3, out, out));
  }

  Layer output() {
    return new Layer(OUTPUT, kernel, widths.get(0), AffineReceptiveField.PARAMETERS);
  }

  /** The shapes of all tensors. */
  Map<String, int[]> tensors() {
    Map<String, int[]> tensors = new LinkedHashMap<>();
    putFeatures(PREFIX, tensors);

    if (coarsePasses > 0) {
      putFeatures(PREFIX + COARSE, tensors);
    }

    for (int level = 0; level < widths.size(); level++) {
      encoder(level).forEach(layer -> put(layer, tensors));
    }

    for (int level = widths.size() - 2; level >= 0; level--) {
      decoder(level).forEach(layer -> put(layer, tensors));
    }

    put(output(), tensors);
    return tensors;
  }

  private void putFeatures(String prefix, Map<String, int[]> tensors) {
    tensors.put(prefix + REDUCE + ConvolutionLayers.WEIGHT, new int[] {features, channels});
    tensors.put(
        prefix + LAST + ConvolutionLayers.WEIGHT,
        new int[] {AffineReceptiveField.PLACES * channels, channels});
    tensors.put(prefix + LAST + ConvolutionLayers.BIAS, new int[] {channels});
  }

  private static void put(Layer layer, Map<String, int[]> tensors) {
    int side = layer.kernel();
    String name = PREFIX + layer.name();
    tensors.put(name + ConvolutionLayers.WEIGHT, new int[] {side, side, layer.in(), layer.out()});
    tensors.put(name + ConvolutionLayers.BIAS, new int[] {layer.out()});
  }

  /** The shape as a model's metadata state it. */
  Map<String, String> metadata() {
    return new TreeMap<>(
        Map.of(
            RADIUS,
            String.valueOf(radius),
            DILATION,
            dilation.stream().map(String::valueOf).collect(Collectors.joining(",")),
            COARSE_PASSES,
            String.valueOf(coarsePasses),
            LEVELS,
            String.valueOf(widths.size())));
  }

  /**
   * Reads the shape that a model states.
   *
   * @throws WeightException if it states none, or lacks tensors
   */
  static RtnShape of(WeightMap model) {
    int radius = TrainedModel.whole(model, RADIUS, 100);
    int levels = TrainedModel.whole(model, LEVELS, 100);
    int channels = model.length(PREFIX + LAST + ConvolutionLayers.BIAS);
    int features = model.length(PREFIX + REDUCE + ConvolutionLayers.WEIGHT) / channels;
    Integer[] widths = new Integer[levels];
    Arrays.setAll(
        widths, level -> model.length(PREFIX + "encode" + level + "a" + ConvolutionLayers.BIAS));
    int places = (2 * radius + 1) * (2 * radius + 1);
    int first = model.length(PREFIX + "encode0a" + ConvolutionLayers.WEIGHT) / places / widths[0];
    RtnShape shape =
        new RtnShape(
            features,
            channels,
            radius,
            dilation(model),
            coarsePasses(model),
            (int) Math.round(Math.sqrt(first)),
            List.of(widths));
    model.requireAll(shape.tensors());
    return shape;
  }

  private static List<Integer> dilation(WeightMap model) {
    String stated = model.metadata().getOrDefault(DILATION, "");

    if (!stated.matches("[1-9][0-9]?(,[1-9][0-9]?)*")) {
      throw new WeightException(
          "model.unknown",
          "Cannot use model %s: its %s is not a list of dilations, found %s; train it again"
              .formatted(model.file(), DILATION, stated));
    }

    return Arrays.stream(stated.split(",")).map(Integer::valueOf).toList();
  }

  /** None where the model says nothing of it. */
  private static int coarsePasses(WeightMap model) {
    boolean none = model.metadata().getOrDefault(COARSE_PASSES, "0").equals("0");
    return none ? 0 : TrainedModel.whole(model, COARSE_PASSES, 100);
  }
}
