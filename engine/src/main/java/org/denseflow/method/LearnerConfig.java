package org.denseflow.method;

import java.util.Optional;
import org.denseflow.matcher.WorkingSize;
import org.denseflow.matcher.distillation.DistillationParameters;
import org.denseflow.matcher.guided.GsfParameters;
import org.denseflow.matcher.proposals.ScnetParameters;
import org.denseflow.matcher.recurrent.RtnParameters;
import org.denseflow.matcher.recurrent.SamParameters;
import org.denseflow.matcher.sfnet.SfnetParameters;
import org.denseflow.method.MethodConfig.BackboneChoice;
import org.denseflow.style.CodecParameters;
import org.denseflow.training.TrainingParameters;

/**
 * A system to train with all its parameters, as a preset file gives them.
 *
 * @param system the system's name
 * @param image the working size
 * @param backbone the frozen backbone; none for {@code codec}
 * @param adaptation the share of a trained SFNet's changes of the features that is used, where the
 *     features are those of one; all if absent
 * @param training how parameters are fitted
 * @param sfnet parameters of {@code sfnet}
 * @param gsf parameters of {@code gsf}
 * @param rtn parameters of {@code rtn} and of the matching of {@code samnet}
 * @param samnet what {@code samnet} has beside them
 * @param codec parameters of {@code codec}
 * @param scnet parameters of {@code scnet}
 * @param distillation parameters of {@code distillation}, whose teacher is the backbone
 */
public record LearnerConfig(
    String system,
    WorkingSize image,
    Optional<BackboneChoice> backbone,
    Optional<Double> adaptation,
    TrainingParameters training,
    Optional<SfnetParameters> sfnet,
    Optional<GsfParameters> gsf,
    Optional<RtnParameters> rtn,
    Optional<SamParameters> samnet,
    Optional<CodecParameters> codec,
    Optional<ScnetParameters> scnet,
    Optional<DistillationParameters> distillation) {

  /** Checks the range. */
  public LearnerConfig {
    MethodConfig.requireShare(adaptation);
  }

  /** The backbone's name, "none" without. */
  public String backboneName() {
    return backbone.map(BackboneChoice::name).orElse("none");
  }
}
