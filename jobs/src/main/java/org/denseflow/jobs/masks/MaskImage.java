package org.denseflow.jobs.masks;

import java.io.Serializable;
import java.util.Optional;
import org.denseflow.jobs.dataset.DatasetImage;
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

  Optional<Box> box() {
    return Optional.ofNullable(boxOrNull);
  }
}
