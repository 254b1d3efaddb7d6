package org.denseflow.jobs.training;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.image.Mask;
import org.denseflow.jobs.dataset.ImageAnnotation;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.run.Limits;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.training.TrainingPair;

/**
 * Two photographs.
 *
 * @param pair where they and their masks lie
 * @param key the digest of all four and of the keypoints
 * @param images their paths below the dataset's root
 */
record ImageSample(ImagePair pair, String key, List<String> images) implements PairSample {

  @Override
  public String id() {
    return pair.pairId();
  }

  @Override
  public TrainingPair load(Configuration configuration, Limits limits) {
    ObjectLoader loader = new ObjectLoader(configuration, limits);
    ObjectLoader.Loaded source = load(loader, pair.source(), pair.annotation().source());
    ObjectLoader.Loaded target = load(loader, pair.target(), pair.annotation().target());
    return new TrainingPair(
        id(),
        source.image(),
        target.image(),
        mask(source),
        mask(target),
        Optional.empty(),
        pair.keypointPair(
            source.image().width(),
            source.image().height(),
            target.image().width(),
            target.image().height()));
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
