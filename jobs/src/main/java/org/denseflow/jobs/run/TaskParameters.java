package org.denseflow.jobs.run;

import java.io.Serializable;

/**
 * Parameters of what a process keeps and reads ahead.
 *
 * @param keptImages images whose features are kept for the tasks that follow, including those that
 *     tasks hold
 * @param readAhead images that are read and decoded while another is described
 */
public record TaskParameters(int keptImages, int readAhead) implements Serializable {

  /** Refuses what is negative. */
  public TaskParameters {
    if (keptImages < 0 || readAhead < 0) {
      throw new IllegalArgumentException(
          "kept-images and read-ahead must not be negative, found %d and %d"
              .formatted(keptImages, readAhead));
    }
  }
}
