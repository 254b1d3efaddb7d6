package org.denseflow.jobs.run;

/** What a job does with an output directory that a run was begun in. */
public enum StartMode {
  /** Refuses it. */
  NEW,
  /** Keeps what is committed and computes the rest. */
  RESUME,
  /** The same, and computes rows that failed again. */
  RETRY_FAILED,
  /** Keeps a finished run and computes the pairs that it lacks. */
  APPEND,
  /** Removes it first. */
  OVERWRITE;

  /** Whether committed rows are kept. */
  public boolean keeps() {
    return this == RESUME || this == RETRY_FAILED || this == APPEND;
  }
}
