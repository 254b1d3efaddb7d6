package org.denseflow.jobs.dataset;

import java.io.Serializable;
import java.util.Objects;

/**
 * What a dataset says of a pair beyond the two images. Parts that a layout lacks are absent; URIs
 * are read when needed, never by a dataset reader.
 *
 * @param source annotation of the source image
 * @param target annotation of the target image
 * @param flip whether the benchmark mirrors the source before matching, or marks the pair as
 *     mirrored
 */
public record PairAnnotation(ImageAnnotation source, ImageAnnotation target, boolean flip)
    implements Serializable {

  /** A pair of which nothing is known. */
  public static final PairAnnotation NONE =
      new PairAnnotation(ImageAnnotation.NONE, ImageAnnotation.NONE, false);

  /** Checks that both sides are there. */
  public PairAnnotation {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
  }

  /** Without a mirrored image. */
  public PairAnnotation(ImageAnnotation source, ImageAnnotation target) {
    this(source, target, false);
  }
}
