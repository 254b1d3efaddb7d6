package org.denseflow.backbone;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.denseflow.image.FloatImage;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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

  /** Whether a backbone of this name must be given a weight file. */
  public static boolean needsWeights(String name) {
    return !HogBackbone.NAME.equals(name) && !ShippedWeights.has(name);
  }

  /**
   * Makes a backbone.
   *
   * @throws IllegalArgumentException if name or taps are unknown, or the weights are not given
   * @throws org.denseflow.weights.WeightException if the weights do not fit
   */
  public static Backbone create(BackboneSpec spec) {
    if (HogBackbone.NAME.equals(spec.name())) {
      taps(spec);
      return new HogBackbone();
    }

    return new NetworkBackbone(
        network(spec.name()), taps(spec), weightsOf(spec), Preprocessing.IMAGENET);
  }

  /**
   * Checks a specification without making the backbone or touching a device.
   *
   * @return the digest of the weights, "none" without
   * @throws IllegalArgumentException if name or taps are unknown, or the weights are not given
   * @throws org.denseflow.weights.WeightException if the weights do not fit
   */
  public static String validate(BackboneSpec spec) {
    if (HogBackbone.NAME.equals(spec.name())) {
      taps(spec);
      return HogBackbone.NO_WEIGHTS;
    }

    WeightMap weights = weightsOf(spec);
    NetworkBackbone.check(network(spec.name()), taps(spec), weights);
    return weights.digest();
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

  /**
   * An image as networks take it, with the mean and deviation of ImageNet's colours.
   *
   * @return {@code [1, height, width, 3]}
   */
  public static INDArray input(FloatImage image) {
    float[] values = new float[image.values().length];
    Preprocessing.IMAGENET.apply(image.values(), values, 0);
    return Nd4j.create(values, new long[] {1, image.height(), image.width(), 3}, 'c');
  }

  /**
   * The taps that a backbone of a specification has.
   *
   * @throws IllegalArgumentException if the specification names others
   */
  public static List<String> taps(BackboneSpec spec) {
    if (HogBackbone.NAME.equals(spec.name())) {
      return taps(spec, List.of(HogBackbone.NAME), HogBackbone.NAME);
    }

    Network network = network(spec.name());
    return taps(spec, network.taps().keySet(), network.defaultTap());
  }

  private static List<String> taps(BackboneSpec spec, Collection<String> known, String defaultTap) {
    List<String> unknown = spec.taps().stream().filter(tap -> !known.contains(tap)).toList();

    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid taps: backbone %s has no %s; it has %s; pass --set backbone.taps=[%s], its default, or others of these"
              .formatted(
                  spec.name(), String.join(", ", unknown), String.join(", ", known), defaultTap));
    }

    return spec.taps().isEmpty() ? List.of(defaultTap) : spec.taps();
  }

  /** From the file that is given, or those that come with the engine. */
  private static WeightMap weightsOf(BackboneSpec spec) {
    network(spec.name());

    if (spec.weights().isEmpty() && ShippedWeights.has(spec.name())) {
      return ShippedWeights.read(spec.name());
    }

    return WeightFile.read(
        spec.weights()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot make backbone %s: it needs a weight file; pass --weights, or use denseflow_s or hog"
                            .formatted(spec.name()))));
  }
}
