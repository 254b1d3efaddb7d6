package org.denseflow.style;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.Optional;
import org.denseflow.image.WorkingSize;
import org.denseflow.training.Learner;
import org.denseflow.training.LearnerConfig;
import org.denseflow.training.TrainableSystem;

/** The training of a decoder for a given encoder; the one system without a backbone. */
@AutoService(TrainableSystem.class)
@SuppressWarnings("rawtypes")
public final class CodecSystem extends TrainableSystem<CodecSystem.Config> {

  /** The system's own parameters. */
  public record Config(CodecParameters codec) {}

  /** Made by the service loader. */
  public CodecSystem() {
    super("codec", 1, Config.class);
  }

  @Override
  public boolean hasBackbone() {
    return false;
  }

  @Override
  public boolean needsCodec() {
    return true;
  }

  @Override
  public String validateCodec(LearnerConfig<Config> config, Path codec) {
    StyleWeights weights = StyleWeights.read(codec);
    CodecLearner.size(config.image().width(), config.image().height(), weights);
    return weights.digest();
  }

  @Override
  public Optional<String> startRefusal() {
    return Optional.of("codec starts from the decoder of --codec; pass the model there");
  }

  @Override
  public Learner create(LearnerConfig<Config> config, Frozen frozen) {
    WorkingSize size = config.image();
    return new CodecLearner(
        config.own().codec(), size.width(), size.height(), frozen.codec().orElseThrow());
  }
}
