package org.denseflow.matcher.recurrent;

import com.google.auto.service.AutoService;
import org.denseflow.training.Learner;
import org.denseflow.training.LearnerConfig;
import org.denseflow.training.TrainableSystem;

/** The trainable system of RTNs. */
@AutoService(TrainableSystem.class)
@SuppressWarnings("rawtypes")
public final class RtnSystem extends TrainableSystem<RtnSystem.Config> {

  /** The system's own parameters. */
  public record Config(RtnParameters rtn) {}

  /** Made by the service loader. */
  public RtnSystem() {
    super(RtnLearner.SYSTEM, 1, Config.class);
  }

  @Override
  public Learner create(LearnerConfig<Config> config, Frozen frozen) {
    return new RtnLearner(config.own().rtn(), frozen.backbone().orElseThrow(), config.image());
  }
}
