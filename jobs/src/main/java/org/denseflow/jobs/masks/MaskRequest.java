package org.denseflow.jobs.masks;

import com.typesafe.config.Config;
import java.util.Map;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.JobConfig;
import org.denseflow.config.Presets;
import org.denseflow.jobs.run.FeatureStore;
import org.denseflow.jobs.run.MatcherChoice;

/**
 * The request for a run of MaskTransferJob.
 *
 * @param dataset its address
 * @param exemplars what selects them
 * @param targets what selects them
 * @param classes the selected images by class
 * @param config the resolved configuration: the method's keys and the job's
 * @param matcher what matches
 * @param boxes whether images are cut to their boxes
 * @param out output directory
 * @param next how many images to propose for drawing
 * @param maxFailedFraction share of failed targets that is still a success
 * @param configuration of the storage
 * @param storeOrNull where features are that images have already
 */
record MaskRequest(
    String dataset,
    String exemplars,
    String targets,
    Map<String, MaskSelection.Members> classes,
    Config config,
    MatcherChoice matcher,
    boolean boxes,
    String out,
    int next,
    double maxFailedFraction,
    SerializableConfiguration configuration,
    FeatureStore storeOrNull) {

  JobConfig<MaskTransferParameters> job() {
    return JobConfig.of(config, MaskTransferParameters.class);
  }

  MaskContext context(String fingerprint) {
    Config settings = config;

    for (String key : job().preset().root().keySet()) {
      settings = settings.withoutPath(key);
    }

    return new MaskContext(
        fingerprint, matcher, Presets.canonical(settings), boxes, configuration, storeOrNull);
  }
}
