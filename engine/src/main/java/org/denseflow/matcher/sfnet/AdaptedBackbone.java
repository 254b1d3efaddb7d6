package org.denseflow.matcher.sfnet;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.ExtendedBackbone;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A backbone followed by the adaptation layers of a trained SFNet. A model of TrainJob says which
 * backbone, which taps and which weights it was trained with, and is refused for any other; a
 * checkpoint of SFNet's authors does not, and the digest says so.
 */
public final class AdaptedBackbone extends ExtendedBackbone {
  static final String SYSTEM = "sfnet";

  /** In a model that was trained on adapted features: the share of the changes that they have. */
  public static final String SHARE = "denseflow.adaptation";

  /** In the digest of a model that does not say which backbone it was trained with. */
  public static final String UNNAMED = " (the model names no backbone)";

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
    this(base, () -> model(model, base.identity()), share);
  }

  /**
   * Takes the layers out of a model that was trained on adapted features; the backbone belongs to
   * the result, also when this fails.
   *
   * @param digest of backbone and model
   * @throws WeightException if the model lacks tensors
   */
  public AdaptedBackbone(Backbone base, WeightMap model, double share, String digest) {
    this(base, () -> new Model(model, digest), share);
  }

  private AdaptedBackbone(Backbone base, Supplier<Model> source, double share) {
    super(base);

    try {
      Model model = source.get();
      this.digest = digest(model.digest(), share);

      for (String tap : base.taps()) {
        AdapterLayout layout = AdapterLayout.of(model.map(), tap);
        layers.put(tap, new AdaptationLayers(layout, model.map(), share));
      }
    } catch (RuntimeException e) {
      base.close();
      throw e;
    }
  }

  private record Model(WeightMap map, String digest) {}

  private static Model model(Path file, BackboneIdentity features) {
    WeightMap map = WeightFile.read(file);

    if (ReleasedCheckpoint.is(map)) {
      String digest = features.weights() + "+" + map.digest() + UNNAMED;
      return new Model(ReleasedCheckpoint.layers(map, features.taps()), digest);
    }

    return new Model(map, TrainedModel.digest(map, SYSTEM, features));
  }

  /**
   * The tensors of a model, under the names that TrainJob gives them.
   *
   * @param taps of the backbone
   * @throws WeightException if it is a checkpoint of SFNet's authors for other taps
   */
  public static WeightMap layers(Path model, List<String> taps) {
    WeightMap map = WeightFile.read(model);
    return ReleasedCheckpoint.is(map) ? ReleasedCheckpoint.layers(map, taps) : map;
  }

  /** Another share makes other features. */
  private static String digest(String model, double share) {
    return share == 1 ? model : model + "*" + share;
  }

  /**
   * Checks that a model was trained on a backbone, without making it.
   *
   * @return the digests of backbone and model, and the share
   * @throws WeightException that names what does not agree
   */
  public static String validate(Path model, BackboneIdentity features, double share) {
    Model read = model(model, features);
    requireLayers(read.map(), features.taps());
    return digest(read.digest(), share);
  }

  /**
   * Checks that a model has the layers of all taps.
   *
   * @throws WeightException that names what is missing
   */
  public static void requireLayers(WeightMap model, List<String> taps) {
    for (String tap : taps) {
      model.requireAll(AdapterLayout.of(model, tap).tensors());
    }
  }

  /** The digests of backbone and model, and the share. */
  @Override
  public String weightDigest() {
    return digest;
  }

  @Override
  protected FeatureMap follow(FeatureMap map) {
    INDArray adapted = layers.get(map.tap()).apply(map.values(), map.grid());
    map.close();
    return new FeatureMap(map.tap(), map.grid(), map.channels(), adapted);
  }

  @Override
  public void close() {
    layers.values().forEach(AdaptationLayers::close);
    super.close();
  }
}
