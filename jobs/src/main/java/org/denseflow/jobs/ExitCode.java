package org.denseflow.jobs;

/** The exit codes of a job's process. */
public enum ExitCode {
  /** Done. */
  DONE(0),
  /** Bad usage or configuration: nothing was computed. */
  USAGE(2),
  /** Finished, but more pairs failed (or rows differ) than allowed. */
  TOO_MANY_FAILED(3),
  /** Finished, but not every pair could be scored. */
  INCOMPLETE(3),
  /** Storage, cluster or memory failed; try again, with --resume. */
  INFRASTRUCTURE(4);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The number. */
  public int code() {
    return code;
  }
}
