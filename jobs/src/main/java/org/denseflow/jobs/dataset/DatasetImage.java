package org.denseflow.jobs.dataset;

import java.io.Serializable;
import java.util.Objects;

/**
 * One image of a dataset.
 *
 * @param id unique within the dataset: its path relative to the dataset's root
 * @param uri where it lies
 * @param category the object class; "" where the dataset has none
 * @param split which part of the dataset it belongs to
 * @param annotation what is known of it
 */
public record DatasetImage(
    String id, String uri, String category, Split split, ImageAnnotation annotation)
    implements Serializable {

  /** A dataset's own division of its images. */
  public enum Split {
    /** To learn from. */
    TRAIN,
    /** To be tested with. */
    TEST,
    /** The dataset does not say. */
    NONE
  }

  /** Checks that nothing is null. */
  public DatasetImage {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(split, "split");
    Objects.requireNonNull(annotation, "annotation");
  }
}
