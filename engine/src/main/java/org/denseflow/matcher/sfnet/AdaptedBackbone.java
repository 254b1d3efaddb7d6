package org.denseflow.matcher.sfnet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.FloatImage;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A backbone followed by the adaptation layers of a trained SFNet. The model file says which
 * backbone, which taps and which weights it was trained with, and is refused for any other.
 */
public final class AdaptedBackbone implements Backbone {
  static final String SYSTEM = "sfnet";

  private final Backbone base;
  private final String digest;
  private final Map<String, AdaptationLayers> layers = new LinkedHashMap<>();

  /**
   * Reads a model; the backbone belongs to the result, also when this fails.
   *
   * @param share of each residual unit's change that is added to its input: 1 as trained, less
   *     keeps more of the backbone's own features
   * @throws WeightException if the model is of another system or backbone, or lacks tensors
   */
  public AdaptedBackbone(Backbone base, Path model, double share) {
    this.base = base;

    try {
      WeightMap map = WeightFile.read(model);
      this.digest = digest(map, base.name(), base.taps(), base.weightDigest());

      for (String tap : base.taps()) {
        layers.put(tap, new AdaptationLayers(AdapterLayout.of(map, tap), map, share));
      }
    } catch (RuntimeException e) {
      base.close();
      throw e;
    }
  }

  /** What a model file says of itself. */
  static Map<String, String> metadata(Backbone base) {
    return new TreeMap<>(
        Map.of(
            "denseflow.system", SYSTEM,
            "denseflow.backbone", base.name(),
            "denseflow.taps", String.join(",", base.taps()),
            "denseflow.backbone-weights", base.weightDigest()));
  }

  /**
   * Checks that a model was trained on a backbone, without making it.
   *
   * @return the digests of backbone and model
   * @throws WeightException that names what does not agree
   */
  public static String validate(Path model, String backbone, List<String> taps, String digest) {
    WeightMap map = WeightFile.read(model);
    String both = digest(map, backbone, taps, digest);

    for (String tap : taps) {
      map.requireAll(AdapterLayout.of(map, tap).tensors());
    }

    return both;
  }

  private static String digest(WeightMap model, String backbone, List<String> taps, String digest) {
    require(model, "system", SYSTEM, "");
    require(model, "backbone", backbone, "; pass the same --backbone");
    require(model, "taps", String.join(",", taps), "; set backbone.taps to the same");
    require(model, "backbone-weights", digest, "; pass the same weight file as --weights");
    return digest + "+" + model.digest();
  }

  private static void require(WeightMap model, String key, String given, String mend) {
    String stated = model.metadata().get("denseflow." + key);

    if (stated == null) {
      throw new WeightException(
          "model.unknown",
          "Cannot use model %s: it does not say its %s; is it a model that TrainJob wrote?"
              .formatted(model.file(), key));
    }

    if (!stated.equals(given)) {
      throw new WeightException(
          "model.mismatch",
          "Cannot use model %s: it was trained with %s %s, here it is %s%s"
              .formatted(model.file(), key, stated, given, mend));
    }
  }

  @Override
  public String name() {
    return base.name();
  }

  /** The digests of backbone and model. */
  @Override
  public String weightDigest() {
    return digest;
  }

  @Override
  public List<String> taps() {
    return base.taps();
  }

  @Override
  public List<List<FeatureMap>> extract(List<FloatImage> images) {
    List<List<FeatureMap>> result = new ArrayList<>();

    for (List<FeatureMap> maps : base.extract(images)) {
      result.add(maps.stream().map(this::adapt).toList());
    }

    return result;
  }

  private FeatureMap adapt(FeatureMap map) {
    INDArray adapted = layers.get(map.tap()).apply(map.values(), map.height(), map.width());
    map.close();
    return new FeatureMap(map.tap(), map.height(), map.width(), map.channels(), adapted);
  }

  @Override
  public void close() {
    layers.values().forEach(AdaptationLayers::close);
    base.close();
  }
}
