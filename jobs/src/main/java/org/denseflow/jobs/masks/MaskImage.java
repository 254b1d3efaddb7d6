package org.denseflow.jobs.masks;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.denseflow.geometry.Size;
import org.denseflow.jobs.dataset.AnnotationFit;
import org.denseflow.jobs.dataset.DatasetImage;
import org.denseflow.jobs.run.ImageFailure;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.metrics.Box;

/**
 * An image of the plan.
 *
 * @param id unique within the dataset
 * @param uri where it lies
 * @param maskOrNull where its mask lies: what an exemplar gives, what a target is scored by
 * @param boxOrNull its object's box
 */
record MaskImage(String id, String uri, String maskOrNull, Box boxOrNull) implements Serializable {

  static MaskImage of(DatasetImage image) {
    return new MaskImage(
        image.id(),
        image.uri(),
        image.annotation().maskUri().orElse(null),
        image.annotation().box().orElse(null));
  }

  /** The files that it needs: the image, and its mask where it has one. */
  List<String> files() {
    return maskOrNull == null ? List.of(uri) : List.of(uri, maskOrNull);
  }

  Optional<Box> box() {
    return Optional.ofNullable(boxOrNull);
  }

  /** The image and its mask; a failure where its box cannot be that of an object in it. */
  ObjectLoader.Loaded load(ObjectLoader loader) {
    ObjectLoader.Loaded loaded = loader.load(uri, maskOrNull);

    if (loaded.failure() != null || boxOrNull == null) {
      return loaded;
    }
    Size size = loaded.image().size();
    return AnnotationFit.problem(boxOrNull, size)
        .map(
            reason ->
                ObjectLoader.Loaded.failed(
                    new ImageFailure(
                        "annotation.size", "%s has %s pixels: %s".formatted(uri, size, reason))))
        .orElse(loaded);
  }
}
