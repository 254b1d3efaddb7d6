package org.denseflow.matcher.guided;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.denseflow.backbone.Backbone;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.sfnet.AdaptedBackbone;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightFile;
import org.denseflow.weights.WeightMap;

/**
 * The trained networks of Guided Semantic Flow, with the adaptation layers of the SFNet whose
 * features they were trained on, if any. Used by one thread at a time.
 */
public final class GsfModel implements AutoCloseable {
  private final WeightMap map;
  private final PruningModel pruning;
  private final Optional<MatchingModel> matching;
  private final Optional<Double> adaptation;
  private final String digest;

  GsfModel(WeightMap map, String digest) {
    this.map = map;
    this.pruning = new PruningModel(map);
    this.matching = MatchingModel.of(map);
    this.adaptation =
        map.metadata().containsKey(AdaptedBackbone.SHARE)
            ? Optional.of(TrainedModel.positive(map, AdaptedBackbone.SHARE))
            : Optional.empty();
    this.digest = digest;
  }

  /**
   * Reads a model.
   *
   * @throws WeightException if it is of another system or backbone, or lacks tensors
   */
  public static GsfModel read(Path model, BackboneIdentity features) {
    WeightMap map = WeightFile.read(model);
    String digest = TrainedModel.digest(map, GsfLearner.SYSTEM, features);
    Map<String, int[]> tensors = new LinkedHashMap<>(PruningModel.tensors(map));
    tensors.putAll(MatchingModel.tensors(map));
    map.requireAll(tensors);
    GsfModel result = new GsfModel(map, digest);

    if (result.adaptation.isPresent()) {
      AdaptedBackbone.requireLayers(map, features.taps());
    }

    return result;
  }

  /**
   * The features that the networks were trained on; the backbone belongs to the result, also when
   * this fails.
   */
  public Backbone features(Backbone backbone) {
    return adaptation.isPresent()
        ? new AdaptedBackbone(backbone, map, adaptation.get(), digest)
        : backbone;
  }

  /** The digests of backbone and model. */
  public String digest() {
    return digest;
  }

  PruningModel pruning() {
    return pruning;
  }

  /** Of models that went through the second stage. */
  Optional<MatchingModel> matching() {
    return matching;
  }

  @Override
  public void close() {
    pruning.close();
    matching.ifPresent(MatchingModel::close);
  }
}
