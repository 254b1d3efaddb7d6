package org.denseflow.jobs.describe;

import org.denseflow.jobs.run.InputSettings;
import org.denseflow.jobs.run.LimitSettings;
import org.denseflow.jobs.run.Reading;

/** The settings of {@code conf/describe.conf}. */
public record DescribeParameters(LimitSettings limits, InputSettings input, Store store) {

  /** How images are read. */
  public Reading reading() {
    return Reading.of(limits, input);
  }

  /**
   * How the table is cut and made.
   *
   * @param fileBytes target size of a file
   * @param chunkBytes target size of a chunk
   * @param readAhead images that are read and decoded while others are described
   */
  public record Store(long fileBytes, long chunkBytes, int readAhead) {

    /** Checks the numbers. */
    public Store {
      if (fileBytes < 1 || chunkBytes < 1 || readAhead < 0) {
        throw new IllegalArgumentException(
            "file-bytes and chunk-bytes must be positive, read-ahead not negative");
      }
    }
  }
}
