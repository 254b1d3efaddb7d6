package org.denseflow.jobs.dataset;

import java.io.Serializable;
import java.util.Objects;

/**
 * A dataset's annotation of a pair, beyond the two images. Parts that a layout lacks are absent;
 * URIs are read when needed, never by a dataset reader.
 *
 * @param source annotation of the source image
 * @param target annotation of the target image
 * @param mirror whether a dataset says that images are mirrored
 */
public record PairAnnotation(ImageAnnotation source, ImageAnnotation target, Mirror mirror)
    implements Serializable {

  /** Which images of a pair a dataset marks as mirrored. */
  public enum Mirror {
    /** Nothing. */
    NONE,
    /**
     * The objects are mirrored to each other, so that no method that keeps sides can match them.
     */
    ONE,
    /** Both images are to be mirrored: a copy of another pair, made for training. */
    BOTH
  }

  /** A pair of which nothing is known. */
  public static final PairAnnotation NONE =
      new PairAnnotation(ImageAnnotation.NONE, ImageAnnotation.NONE, Mirror.NONE);

  /** Checks that nothing is null. */
  public PairAnnotation {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(mirror, "mirror");
  }

  /** Without a mirrored image. */
  public PairAnnotation(ImageAnnotation source, ImageAnnotation target) {
    this(source, target, Mirror.NONE);
  }
}
