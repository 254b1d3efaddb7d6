package org.denseflow.jobs.run;

import org.denseflow.jobs.UsageException;
import picocli.CommandLine.Option;

/** Where a run goes, what becomes of a run that is there, and whether it starts at all. */
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
   * What becomes of a run that was begun there.
   *
   * @throws UsageException if the options contradict each other
   */
  public Start start() {
    if (overwrite && resume) {
      throw new UsageException(
          "Invalid --overwrite: with --resume what is there is kept; give one of both");
    }

    if (overwrite) {
      return Start.OVERWRITE;
    }

    return resume ? Start.RESUME : Start.NEW;
  }

  /** Whether only the plan is printed. */
  public boolean dryRun() {
    return dryRun;
  }
}
