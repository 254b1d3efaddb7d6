package org.denseflow.jobs.masks;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.JobConfig;
import org.denseflow.config.Presets;
import org.denseflow.jobs.run.FeatureSettings;
import org.denseflow.jobs.run.FeatureStore;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.ImageFeatures;

/**
 * The context of a task, small enough to be sent with it.
 *
 * @param fingerprint of the run
 * @param matcher what matches
 * @param settings the job's configuration, canonical JSON
 * @param boxes whether images are cut to their boxes, where they have one
 * @param configuration of the storage
 * @param storeOrNull where features are that images have already
 */
record MaskContext(
    String fingerprint,
    MatcherChoice matcher,
    String settings,
    boolean boxes,
    SerializableConfiguration configuration,
    FeatureStore storeOrNull)
    implements Serializable {

  MaskTransferParameters parameters() {
    return JobConfig.of(
            Presets.parseCanonical(settings, "the job's configuration"),
            MaskTransferParameters.class)
        .job();
  }

  /** The features of the part of an image that is worked on, read or described. */
  ImageFeatures features(AnyMatcher own, ObjectLoader.Loaded loaded, ImageCrop frame) {
    if (storeOrNull != null) {
      storeOrNull.count(loaded.stored());
    }

    return loaded.isDescribed()
        ? loaded.stored().features().features()
        : parameters()
            .features()
            .orElse(FeatureSettings.DEFAULT)
            .kept(own.describe(frame.of(loaded.image())));
  }

  /** The part of an image that is worked on. */
  ImageCrop frame(MaskImage image, int width, int height) {
    return ImageCrop.of(
        boxes ? image.box() : Optional.empty(), parameters().boxes().margin(), width, height);
  }
}
