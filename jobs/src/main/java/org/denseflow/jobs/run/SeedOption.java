package org.denseflow.jobs.run;

import picocli.CommandLine.Option;

/** What random numbers come from, in jobs that draw some. */
public final class SeedOption {

  @Option(
      names = "--seed",
      defaultValue = "0",
      description = "Seed of all that is drawn at random (default: ${DEFAULT-VALUE}).")
  private long seed;

  /** The seed. */
  public long value() {
    return seed;
  }
}
