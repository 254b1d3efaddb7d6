package org.denseflow.jobs.run;

import org.denseflow.jobs.UsageException;
import picocli.CommandLine.Option;

/**
 * Options of where a run goes, what to do with a run that is there, and whether to compute at all.
 */
public final class OutputOptions {

  @Option(names = "--out", required = true, paramLabel = "URI", description = "Output directory.")
  private String out;

  @Option(names = "--resume", description = "Continue a run; what is committed is kept.")
  private boolean resume;

  @Option(
      names = "--overwrite",
      description =
          "Remove the run in --out first, and say what is removed; anything else there is never removed.")
  private boolean overwrite;

  @Option(
      names = "--dry-run",
      description = "Print configuration, plan and estimates; write nothing.")
  private boolean dryRun;

  /** The output directory. */
  public String out() {
    return out;
  }

  /**
   * What to do with a run that was begun there.
   *
   * @throws UsageException if the options contradict each other
   */
  public StartMode start() {
    if (overwrite && resume) {
      throw new UsageException(
          "Invalid --overwrite: with --resume what is there is kept; give one of both");
    }

    if (overwrite) {
      return StartMode.OVERWRITE;
    }

    return resume ? StartMode.RESUME : StartMode.NEW;
  }

  /** Whether only the plan is printed. */
  public boolean dryRun() {
    return dryRun;
  }
}
