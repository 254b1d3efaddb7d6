package org.denseflow.matcher.proposals;

import com.google.auto.service.AutoService;
import org.denseflow.training.Learner;
import org.denseflow.training.LearnerConfig;
import org.denseflow.training.TrainableSystem;

/** The trainable system of SCNet: embeddings of regions. */
@AutoService(TrainableSystem.class)
@SuppressWarnings("rawtypes")
public final class ScnetSystem extends TrainableSystem<ScnetSystem.Config> {

  /** The system's own parameters. */
  public record Config(ScnetParameters scnet) {}

  /** Made by the service loader. */
  public ScnetSystem() {
    super(ScnetLearner.SYSTEM, 2, Config.class);
  }

  @Override
  public void check(LearnerConfig<Config> config) {
    if (config.training().batch() != 1) {
      throw new IllegalArgumentException(
          "Invalid training: scnet learns from one pair at a time (Section 4); set training.batch=1");
    }
  }

  @Override
  public boolean needsKeypoints() {
    return true;
  }

  @Override
  public Learner create(LearnerConfig<Config> config, Frozen frozen) {
    return new ScnetLearner(config.own().scnet(), frozen.backbone().orElseThrow(), config.image());
  }
}
