package org.denseflow.jobs.run;

import java.io.PrintStream;
import org.denseflow.jobs.ExitCode;

/** A job's own part of a run; {@link JobRun} is what all jobs do alike. */
public interface Job {

  /** The job and its run, as far as they are known before it begins. */
  JobSetup setup();

  /** Checks the inputs before anything is written, unless a run is continued. */
  default void check() {}

  /** Prints what would be computed, after the configuration. */
  void describe(PrintStream out);

  /** Marks a run as begun. */
  default void begin(RunDirectory run) {
    run.writeIdentity(setup().identity());
  }

  /** Computes and reports what a claimed directory does not have yet. */
  ExitCode execute(RunDirectory run, StartMode start);
}
