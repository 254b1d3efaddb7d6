package org.denseflow.matcher.recurrent;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.style.StyleShape;
import org.denseflow.weights.WeightMap;

/**
 * The shape of SAM-Net's networks, from which their tensors follow.
 *
 * @param matching the recurrent matching network
 * @param style how far down VGG-19 the style features are
 * @param scale cells of the style features on a side of a cell of the matching grid
 * @param temperature of the softmax that makes the confidence, Eq. 9
 */
record SamShape(RtnShape matching, StyleShape style, int scale, double temperature) {
  private static final String SCALE = "denseflow.scale";
  private static final String TEMPERATURE = "denseflow.temperature";

  /** The size of the images for a matching grid. */
  Size pixels(Size grid) {
    return grid.times(style.stride() * scale);
  }

  /** The shapes of all tensors but those of encoder and decoder. */
  Map<String, int[]> tensors() {
    Map<String, int[]> tensors = new LinkedHashMap<>(matching.tensors());
    tensors.put(SamNetwork.STYLE, new int[] {style.channels(), matching.channels()});
    return tensors;
  }

  /** The shape as a model's metadata state it. */
  Map<String, String> metadata() {
    Map<String, String> stated = new TreeMap<>(matching.metadata());
    stated.put(SCALE, String.valueOf(scale));
    stated.put(TEMPERATURE, String.valueOf(temperature));
    return stated;
  }

  /** The same with images of another size. */
  SamShape scaled(int other) {
    return new SamShape(matching, style, other, temperature);
  }

  /**
   * Reads the shape that a model states.
   *
   * @param style of its style network
   * @throws org.denseflow.weights.WeightException if it states none, or lacks tensors
   */
  static SamShape of(WeightMap model, StyleShape style) {
    SamShape shape =
        new SamShape(
            RtnShape.of(model),
            style,
            TrainedModel.whole(model, SCALE, 16),
            TrainedModel.positive(model, TEMPERATURE));
    model.requireAll(shape.tensors());
    return shape;
  }
}
