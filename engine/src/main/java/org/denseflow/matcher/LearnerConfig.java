package org.denseflow.matcher;

import java.util.Optional;
import org.denseflow.matcher.MethodConfig.BackboneChoice;
import org.denseflow.matcher.MethodConfig.WorkingSize;
import org.denseflow.matcher.guided.GsfParameters;
import org.denseflow.matcher.sfnet.SfnetParameters;
import org.denseflow.training.TrainingParameters;

/**
 * A system to train with all its parameters, as a preset file gives them.
 *
 * @param system the system's name
 * @param image the working size
 * @param backbone the frozen backbone
 * @param training how parameters are fitted
 * @param sfnet parameters of {@code sfnet}
 * @param gsf parameters of {@code gsf}
 */
public record LearnerConfig(
    String system,
    WorkingSize image,
    BackboneChoice backbone,
    TrainingParameters training,
    Optional<SfnetParameters> sfnet,
    Optional<GsfParameters> gsf) {}
