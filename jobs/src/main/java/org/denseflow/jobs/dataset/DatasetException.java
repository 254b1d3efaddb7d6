package org.denseflow.jobs.dataset;

/** A dataset that cannot be read; the message names the file, and the line and column if any. */
public final class DatasetException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With a message that says what is wrong and what was expected. */
  public DatasetException(String message) {
    super(message);
  }

  /** With the failure underneath. */
  public DatasetException(String message, Throwable cause) {
    super(message, cause);
  }

  static DatasetException missing(String uri, String expected) {
    return new DatasetException(
        "Cannot read %s: no such file; expected %s".formatted(uri, expected));
  }

  static DatasetException malformed(String uri, int line, String column, String reason) {
    return new DatasetException(
        "Cannot read %s: line %d, column %s: %s".formatted(uri, line, column, reason));
  }
}
