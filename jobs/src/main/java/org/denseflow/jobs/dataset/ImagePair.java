package org.denseflow.jobs.dataset;

import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.denseflow.metrics.KeypointPair;
import org.denseflow.metrics.KeypointPair.Annotated;

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

  /**
   * What PCK needs of this pair, once the images' sizes in pixels are known; empty where either
   * image has no keypoints.
   */
  public Optional<KeypointPair> keypointPair(
      int sourceWidth, int sourceHeight, int targetWidth, int targetHeight) {
    Optional<Annotated> from = annotated(annotation.source(), sourceWidth, sourceHeight);
    Optional<Annotated> to = annotated(annotation.target(), targetWidth, targetHeight);
    return from.flatMap(a -> to.map(b -> new KeypointPair(a, b)));
  }

  private static Optional<Annotated> annotated(ImageAnnotation image, int width, int height) {
    return image.keypoints().map(points -> new Annotated(width, height, points, image.box()));
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
