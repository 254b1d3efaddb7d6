package org.denseflow.jobs.run;

import picocli.CommandLine.Option;

/** Where a run goes, what its random numbers come from, and whether it starts at all. */
public final class OutputOptions {

  @Option(names = "--out", required = true, paramLabel = "URI", description = "Output directory.")
  private String out;

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "Seed of all that is drawn at random (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--resume", description = "Continue a run; what is committed is kept.")
  private boolean resume;

  @Option(
      names = "--dry-run",
      description = "Print configuration, plan and estimates; write nothing.")
  private boolean dryRun;

  /** The output directory. */
  public String out() {
    return out;
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /** Whether a begun run is continued. */
  public boolean resume() {
    return resume;
  }

  /** Whether only the plan is printed. */
  public boolean dryRun() {
    return dryRun;
  }
}
