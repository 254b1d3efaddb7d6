package org.denseflow.matcher.sfnet;

import com.google.auto.service.AutoService;
import org.denseflow.training.Learner;
import org.denseflow.training.LearnerConfig;
import org.denseflow.training.TrainableSystem;

/** The trainable system of SFNet: adaptation layers on a frozen backbone. */
@AutoService(TrainableSystem.class)
@SuppressWarnings("rawtypes")
public final class SfnetSystem extends TrainableSystem<SfnetSystem.Config> {

  /** The system's own parameters. */
  public record Config(SfnetParameters sfnet) {}

  /** Made by the service loader. */
  public SfnetSystem() {
    super(AdaptedBackbone.SYSTEM, 1, Config.class);
  }

  @Override
  public void check(LearnerConfig<Config> config) {
    if (config.image().padding().orElse(0) > 0) {
      throw new IllegalArgumentException(
          "Invalid image.padding: sfnet trains on images without padding; leave it out");
    }
  }

  @Override
  public Learner create(LearnerConfig<Config> config, Frozen frozen) {
    return new SfnetLearner(config.own().sfnet(), frozen.backbone().orElseThrow(), config.image());
  }
}
