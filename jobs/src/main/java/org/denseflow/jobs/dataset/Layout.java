package org.denseflow.jobs.dataset;

import java.util.List;
import java.util.Set;
import org.denseflow.image.Orientation;

/** A dataset's arrangement on disk. */
interface Layout {

  /** Names of the options that may follow the URI. */
  default Set<String> options() {
    return Set.of();
  }

  /** How its images lie: a benchmark's annotations mean the stored pixels. */
  default Orientation orientation() {
    return Orientation.STORED;
  }

  /**
   * Checks the arrangement and reads the lists and annotations.
   *
   * @throws DatasetException naming the file that is missing or malformed
   */
  List<ImagePair> read(LayoutSource source);

  /** Whether the benchmark counts each pair in both directions. */
  default boolean countsBothDirections() {
    return false;
  }

  /** Whether its pairs are all ordered pairs of the images of each category. */
  default boolean crossesImages() {
    return false;
  }

  /** Whether it lists images by themselves. */
  default boolean listsImages() {
    return crossesImages();
  }

  /**
   * Checks the arrangement and reads the images by themselves.
   *
   * @throws DatasetException as {@link #read}, and for a layout that has pairs only
   */
  default List<DatasetImage> images(LayoutSource source) {
    throw new DatasetException(
        "Cannot list the images of %s: this layout lists pairs; use cub, folder or images"
            .formatted(source.root()));
  }
}
