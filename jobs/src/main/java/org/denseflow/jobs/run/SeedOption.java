package org.denseflow.jobs.run;

import picocli.CommandLine.Option;

/** The option of the seed, for jobs that draw random numbers. */
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
