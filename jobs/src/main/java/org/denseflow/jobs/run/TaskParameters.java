package org.denseflow.jobs.run;

import java.io.Serializable;

/**
 * Parameters of what a process keeps and reads ahead.
 *
 * @param keptBytes bytes of images' features that are kept for the tasks that follow, including
 *     those that tasks hold
 * @param readAhead images that are read and decoded while another is described
 */
public record TaskParameters(long keptBytes, int readAhead) implements Serializable {

  /** Refuses what is negative. */
  public TaskParameters {
    if (keptBytes < 0 || readAhead < 0) {
      throw new IllegalArgumentException(
          "kept-bytes and read-ahead must not be negative, found %d and %d"
              .formatted(keptBytes, readAhead));
    }
  }
}
