package org.denseflow.jobs.run;

import java.io.Serializable;

/**
 * What a process does besides computing pairs.
 *
 * @param keptImages the features of so many images are kept for the tasks that follow, those that
 *     tasks hold counted in
 * @param readAhead so many images are read and decoded while another is described
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
