package org.denseflow.jobs.masks;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.JobConfig;
import org.denseflow.config.Presets;
import org.denseflow.jobs.run.MatcherChoice;

/**
 * The context of a task, small enough to be sent with it.
 *
 * @param fingerprint of the run
 * @param matcher what matches
 * @param settings the job's configuration, canonical JSON
 * @param boxes whether images are cut to their boxes, where they have one
 * @param configuration of the storage
 */
record MaskContext(
    String fingerprint,
    MatcherChoice matcher,
    String settings,
    boolean boxes,
    SerializableConfiguration configuration)
    implements Serializable {

  MaskTransferParameters parameters() {
    return JobConfig.of(
            Presets.parseCanonical(settings, "the job's configuration"),
            MaskTransferParameters.class)
        .job();
  }

  /** The part of an image that is worked on. */
  ImageCrop frame(MaskImage image, int width, int height) {
    return ImageCrop.of(
        boxes ? image.box() : Optional.empty(), parameters().boxes().margin(), width, height);
  }
}
