package org.denseflow.matcher.guided;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.Map;
import org.denseflow.backbone.Backbone;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.sfnet.AdaptedBackbone;
import org.denseflow.training.Learner;
import org.denseflow.training.LearnerConfig;
import org.denseflow.training.TrainableSystem;

/**
 * The trainable system of Guided Semantic Flow, on a backbone's features or those of a trained
 * SFNet.
 */
@AutoService(TrainableSystem.class)
@SuppressWarnings("rawtypes")
public final class GsfSystem extends TrainableSystem<GsfSystem.Config> {

  /** The system's own parameters. */
  public record Config(GsfParameters gsf) {}

  /** Made by the service loader. */
  public GsfSystem() {
    super(GsfLearner.SYSTEM, 1, Config.class);
  }

  @Override
  public boolean readsAdaptedFeatures() {
    return true;
  }

  @Override
  public Learner create(LearnerConfig<Config> config, Frozen frozen) {
    Backbone backbone = frozen.backbone().orElseThrow();
    Map<String, String> metadata = TrainedModel.metadata(name(), backbone.identity());

    if (frozen.features().isEmpty()) {
      return new GsfLearner(config.own().gsf(), backbone, config.image(), metadata);
    }

    Path features = frozen.features().get();
    metadata.put(AdaptedBackbone.SHARE, String.valueOf(config.share()));
    return new GsfLearner(
        config.own().gsf(),
        new AdaptedBackbone(backbone, features, config.share()),
        config.image(),
        metadata);
  }
}
