package org.denseflow.matcher.recurrent;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.transfer.StyleNetwork;
import org.denseflow.weights.WeightMap;

/**
 * What the networks of SAM-Net consist of.
 *
 * @param matching the recurrent matching network
 * @param scale cells of the style features on a side of a cell of the matching grid
 * @param temperature of the softmax that makes the confidence, Eq. 9
 */
record SamShape(RtnShape matching, int scale, double temperature) {
  private static final String SCALE = "denseflow.scale";
  private static final String TEMPERATURE = "denseflow.temperature";

  /** Pixels of the images for so many cells of the matching grid. */
  int imageSide(int cells) {
    return StyleNetwork.STRIDE * scale * cells;
  }

  /** The shapes of all tensors but those of encoder and decoder. */
  Map<String, int[]> tensors() {
    Map<String, int[]> tensors = new LinkedHashMap<>(matching.tensors());
    tensors.put(SamNetwork.STYLE, new int[] {StyleNetwork.CHANNELS, matching.channels()});
    return tensors;
  }

  /** What a model says of it beside its tensors. */
  Map<String, String> metadata() {
    Map<String, String> stated = new TreeMap<>(matching.metadata());
    stated.put(SCALE, String.valueOf(scale));
    stated.put(TEMPERATURE, String.valueOf(temperature));
    return stated;
  }

  /**
   * Of a model.
   *
   * @throws org.denseflow.weights.WeightException if it does not say it, or lacks tensors
   */
  static SamShape of(WeightMap model) {
    SamShape shape =
        new SamShape(
            RtnShape.of(model),
            (int) TrainedModel.positive(model, SCALE),
            TrainedModel.positive(model, TEMPERATURE));
    model.requireAll(shape.tensors());
    model.requireAll(StyleNetwork.tensors());
    return shape;
  }
}
