package org.denseflow.matcher.recurrent;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.List;
import org.denseflow.style.StyleWeights;
import org.denseflow.training.Learner;
import org.denseflow.training.LearnerConfig;
import org.denseflow.training.TrainableSystem;

/** The trainable system of SAM-Net, whose matching network is that of RTNs. */
@AutoService(TrainableSystem.class)
@SuppressWarnings("rawtypes")
public final class SamSystem extends TrainableSystem<SamSystem.Config> {

  /** The system's own parameters: of the matching, and those beside them. */
  public record Config(RtnParameters rtn, SamParameters samnet) {}

  /** Made by the service loader. */
  public SamSystem() {
    super(SamLearner.SYSTEM, 1, Config.class);
  }

  @Override
  public boolean needsCodec() {
    return true;
  }

  @Override
  public String validateCodec(LearnerConfig<Config> config, Path codec) {
    return StyleWeights.read(codec).requireDecoder().digest();
  }

  @Override
  public List<String> starts() {
    return List.of(name(), RtnLearner.SYSTEM);
  }

  @Override
  public Learner create(LearnerConfig<Config> config, Frozen frozen) {
    return new SamLearner(
        config.own().rtn(),
        config.own().samnet(),
        frozen.backbone().orElseThrow(),
        config.image(),
        frozen.codec().orElseThrow());
  }
}
