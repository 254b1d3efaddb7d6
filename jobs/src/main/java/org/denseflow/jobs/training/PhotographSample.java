package org.denseflow.jobs.training;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.dataset.ImageAnnotation;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.PairKeypoints;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.Reading;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.training.TrainingPair;

/**
 * Two photographs, mirrored where the dataset says so.
 *
 * @param pair where they and their masks lie
 * @param key the digest of all four and of the keypoints
 * @param images their paths below the dataset's root
 */
record PhotographSample(ImagePair pair, String key, List<String> images) implements PairSample {

  @Override
  public String id() {
    return pair.pairId();
  }

  @Override
  public TrainingPair load(Configuration configuration, Reading reading) {
    ObjectLoader loader = new ObjectLoader(configuration, reading);
    ObjectLoader.Loaded source = load(loader, pair.source(), pair.annotation().source());
    ObjectLoader.Loaded target = load(loader, pair.target(), pair.annotation().target());
    Optional<KeypointPair> keypoints =
        pair.keypoints(source.image().size(), target.image().size()).map(PairKeypoints::pair);
    return switch (pair.annotation().mirror()) {
      case NONE -> pair(source.image(), target.image(), mask(source), mask(target), keypoints);
      case BOTH ->
          pair(
              source.image().mirrored(),
              target.image().mirrored(),
              mask(source).map(HorizontalMirror::of),
              mask(target).map(HorizontalMirror::of),
              keypoints.map(HorizontalMirror::of));
      case ONE ->
          throw new IllegalStateException(
              "Cannot train with %s: its objects are mirrored to each other".formatted(id()));
    };
  }

  private TrainingPair pair(
      RgbImage source,
      RgbImage target,
      Optional<Mask> sourceMask,
      Optional<Mask> targetMask,
      Optional<KeypointPair> keypoints) {
    return new TrainingPair(
        id(), source, target, sourceMask, targetMask, Optional.empty(), keypoints);
  }

  private static ObjectLoader.Loaded load(
      ObjectLoader loader, String uri, ImageAnnotation annotation) {
    ObjectLoader.Loaded loaded = loader.load(uri, annotation.maskUri().orElse(null));

    if (loaded.failure() != null) {
      throw new IllegalStateException(
          "Cannot train with %s any more: %s".formatted(uri, loaded.failure().detail()));
    }

    return loaded;
  }

  private static Optional<Mask> mask(ObjectLoader.Loaded loaded) {
    return Optional.ofNullable(loaded.mask());
  }
}
