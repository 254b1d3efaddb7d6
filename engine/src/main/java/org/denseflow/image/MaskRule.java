package org.denseflow.image;

import java.io.Serializable;
import java.util.List;

/** A rule that says which pixels of a mask's file are the object. */
public sealed interface MaskRule extends Serializable {

  /** Follows the file's own content. */
  MaskRule AUTO = new Auto();

  /**
   * Follows the file's own content, by the first line that fits:
   *
   * <ul>
   *   <li>some pixels opaque, others transparent: the opaque ones;
   *   <li>a palette with colours: every index but 0, the background, and 255, the void border;
   *   <li>grey levels 0 and 1 alone: 1;
   *   <li>other grey: levels over half of the range;
   *   <li>RGB in PASCAL VOC's colours alone: as their palette;
   *   <li>other RGB: where the largest of R, G and B is over half of the range.
   * </ul>
   *
   * A palette of greys alone is grey, and so is RGB whose three values agree everywhere. Grey
   * levels that look like labels of classes, and RGB in a few colours of which some are dark, are
   * refused.
   */
  record Auto() implements MaskRule {}

  /**
   * The palette indices or grey levels that are the object.
   *
   * @param labels 0 to 65535
   */
  record Labels(List<Integer> labels) implements MaskRule {

    /** Refuses what no file can hold. */
    public Labels {
      labels = List.copyOf(labels);

      if (labels.isEmpty() || labels.stream().anyMatch(label -> label < 0 || label > 65_535)) {
        throw new IllegalArgumentException("mask-labels must be 0 to 65535, found " + labels);
      }
    }
  }

  /**
   * All above a share of the range: of alpha where some pixels are opaque and others transparent,
   * else of the largest of R, G and B.
   *
   * @param share at least 0, below 1
   */
  record Above(double share) implements MaskRule {

    /** Refuses shares that leave nothing. */
    public Above {
      if (!(share >= 0 && share < 1)) {
        throw new IllegalArgumentException(
            "mask-threshold must be at least 0 and below 1, found " + share);
      }
    }
  }
}
