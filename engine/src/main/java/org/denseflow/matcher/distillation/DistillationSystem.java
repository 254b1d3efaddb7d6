package org.denseflow.matcher.distillation;

import com.google.auto.service.AutoService;
import java.util.Map;
import java.util.Optional;
import org.denseflow.training.Learner;
import org.denseflow.training.LearnerConfig;
import org.denseflow.training.TrainableSystem;
import org.denseflow.weights.SafetensorsFile.Precision;
import org.denseflow.weights.Tensor;

/**
 * The trainable system of distillation: a compact backbone, whose model is a backbone's weight
 * file.
 */
@AutoService(TrainableSystem.class)
@SuppressWarnings("rawtypes")
public final class DistillationSystem extends TrainableSystem<DistillationSystem.Config> {

  /** The system's own parameters; the teacher is the backbone. */
  public record Config(DistillationParameters distillation) {}

  /** Made by the service loader. */
  public DistillationSystem() {
    super(DistillationLearner.SYSTEM, 1, Config.class);
  }

  @Override
  public void check(LearnerConfig<Config> config) {
    if (config.training().batch() < 2) {
      throw new IllegalArgumentException(
          "Invalid batch: distillation compares each pair with another, so 2 at least, found 1");
    }
  }

  @Override
  public Optional<String> startRefusal() {
    return Optional.of("distillation starts from random weights; leave out --start");
  }

  @Override
  public int sample(Config parameters) {
    return parameters.distillation().sample();
  }

  @Override
  public Map<String, Tensor> model(Map<String, Tensor> trained) {
    return DistillationLearner.weights(trained);
  }

  @Override
  public Precision precision() {
    return Precision.HALF;
  }

  @Override
  public Learner create(LearnerConfig<Config> config, Frozen frozen) {
    return new DistillationLearner(
        config.own().distillation(), frozen.backbone().orElseThrow(), config.image());
  }
}
