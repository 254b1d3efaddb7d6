package org.denseflow.jobs.dataset;

import java.io.Serializable;
import java.util.Objects;

/**
 * Two images to match.
 *
 * @param pairId stable and unique within its dataset; made of paths relative to the dataset's root
 * @param source URI of the source image, whose grid the flow lies on
 * @param target URI of the target image, which the flow points into
 * @param category the object class; "" where the dataset has none
 * @param annotation what is known of the pair
 */
public record ImagePair(
    String pairId, String source, String target, String category, PairAnnotation annotation)
    implements Serializable {

  /** Checks that nothing is null. */
  public ImagePair {
    Objects.requireNonNull(pairId, "pairId");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(annotation, "annotation");
  }

  /** The pair that points the other way, under this id. */
  ImagePair reversed(String id) {
    PairAnnotation swapped =
        new PairAnnotation(annotation.target(), annotation.source(), annotation.flip());
    return new ImagePair(id, target, source, category, swapped);
  }

  ImagePair withId(String id) {
    return new ImagePair(id, source, target, category, annotation);
  }
}
