package org.denseflow.jobs.dataset;

import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.denseflow.geometry.Size;

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

  /** The ending of a swapped pair's id. */
  public static final String SWAPPED = "/swapped";

  /** Checks that nothing is null. */
  public ImagePair {
    Objects.requireNonNull(pairId, "pairId");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(annotation, "annotation");
  }

  /**
   * The keypoints of both images, once the images' sizes in pixels are known; empty where either
   * image has none.
   *
   * @throws DatasetException if an annotation cannot be that of an image of this size, or the lists
   *     of points differ in length
   */
  public Optional<PairKeypoints> keypoints(Size sourceSize, Size targetSize) {
    return PairKeypoints.of(this, sourceSize, targetSize);
  }

  /** Whether this is no pair of the dataset, but one of its pairs the other way round. */
  public boolean isSwapped() {
    return pairId.endsWith(SWAPPED);
  }

  /** The pair that points the other way; its flow is made to be read backwards, never counted. */
  ImagePair swapped() {
    return reversed(pairId + SWAPPED);
  }

  /** The pair that points the other way, under this id. */
  ImagePair reversed(String id) {
    PairAnnotation swapped =
        new PairAnnotation(annotation.target(), annotation.source(), annotation.mirror());
    return new ImagePair(id, target, source, category, swapped);
  }

  ImagePair withId(String id) {
    return new ImagePair(id, source, target, category, annotation);
  }
}
