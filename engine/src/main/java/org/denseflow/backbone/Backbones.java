package org.denseflow.backbone;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.denseflow.weights.WeightFile;

/** Makes backbones by name. */
public final class Backbones {
  private static final Map<String, Network> NETWORKS = Networks.all();

  private Backbones() {}

  /** The names of all backbones. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(NETWORKS.keySet());
    names.add(0, HogBackbone.NAME);
    return names;
  }

  /** Whether a backbone of this name reads a weight file. */
  public static boolean needsWeights(String name) {
    return !HogBackbone.NAME.equals(name);
  }

  /**
   * Makes a backbone.
   *
   * @throws IllegalArgumentException if name or taps are unknown, or the weights are not given
   * @throws org.denseflow.weights.WeightException if the weights do not fit
   */
  public static Backbone create(BackboneSpec spec) {
    if (HogBackbone.NAME.equals(spec.name())) {
      return new HogBackbone();
    }

    Network network = network(spec.name());
    Path weights =
        spec.weights()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot make backbone %s: it needs a weight file; pass --weights, or use hog"
                            .formatted(spec.name())));
    List<String> taps = spec.taps().isEmpty() ? List.of(network.defaultTap()) : spec.taps();
    return new NetworkBackbone(network, taps, WeightFile.read(weights), Preprocessing.IMAGENET);
  }

  /** The description of a network, for training and tools. */
  public static Network network(String name) {
    Network network = NETWORKS.get(name);

    if (network == null) {
      throw new IllegalArgumentException(
          "Invalid backbone: %s, expected one of %s".formatted(name, names()));
    }

    return network;
  }
}
