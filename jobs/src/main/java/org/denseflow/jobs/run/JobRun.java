package org.denseflow.jobs.run;

import java.io.PrintStream;
import org.denseflow.config.Presets;
import org.denseflow.jobs.ExitCode;

/** The outline of every job's run: what is there is checked and claimed, the rest is computed. */
public final class JobRun {
  private final Job job;
  private final JobSetup setup;

  /**
   * Prepares a run.
   *
   * @throws org.denseflow.jobs.UsageException if its output cannot be written safely
   */
  public JobRun(Job job) {
    this.job = job;
    this.setup = job.setup();
    Commit.prepare(setup.out(), setup.storage());
  }

  /** Computes what is not committed yet, or only says what that would be. */
  public ExitCode run(OutputOptions output, StartMode start) {
    return output.dryRun() ? describe(System.out) : execute(start);
  }

  private ExitCode describe(PrintStream out) {
    out.println(Presets.readable(setup.config()));
    job.check();
    job.describe(out);
    out.printf(
        "fingerprint: %s, of %s%n", setup.identity().fingerprint(), setup.identity().results());
    return ExitCode.DONE;
  }

  private ExitCode execute(StartMode start) {
    try (RunDirectory run = new RunDirectory(setup.out(), setup.storage())) {
      if (!start.keeps()) {
        job.check();
      }

      if (!run.claim(setup.identity(), start, setup.spark().sparkContext(), setup.log())) {
        job.begin(run);
      }

      return job.execute(run, start);
    } finally {
      WorkerPool.clear(setup.identity().fingerprint());
    }
  }
}
