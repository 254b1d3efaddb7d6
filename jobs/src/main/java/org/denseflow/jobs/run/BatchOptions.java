package org.denseflow.jobs.run;

import java.util.List;
import org.denseflow.jobs.UsageException;
import picocli.CommandLine.Option;

/** Options of how much of a list is computed and how many of its pairs may fail. */
public final class BatchOptions {
  private static final double DEFAULT_FRACTION = 0.01;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N pairs or targets, or the pairs of the first N images.")
  private Integer limit;

  @Option(
      names = "--max-failed-fraction",
      paramLabel = "F",
      description =
          "Exit with 3 when a larger share of pairs or targets failed, and with 2 before anything is computed when a larger share needs images that are missing (default: 0.01; 0 for two images).")
  private Double maxFailedFraction;

  @Option(
      names = "--retry-failed",
      description = "Like --resume, and computes again what failed, once its images are repaired.")
  private boolean retryFailed;

  /** Refuses values that make no sense. */
  public void check() {
    if (limit != null && limit < 1) {
      throw new UsageException("Invalid --limit: must be positive, found " + limit);
    }

    if (maxFailedFraction != null && !(maxFailedFraction >= 0 && maxFailedFraction <= 1)) {
      throw new UsageException(
          "Invalid --max-failed-fraction: must be 0 to 1, found " + maxFailedFraction);
    }
  }

  /** The first ones of a list. */
  public <T> List<T> of(List<T> list) {
    return limit == null ? list : list.subList(0, Math.min(limit, list.size()));
  }

  /** The largest number of pairs or targets that is computed. */
  public long limit() {
    return limit == null ? Long.MAX_VALUE : limit;
  }

  /**
   * What to do with a run that was begun in the output directory.
   *
   * @throws UsageException if the options contradict each other
   */
  public StartMode start(OutputOptions output) {
    StartMode start = output.start();

    if (retryFailed && start == StartMode.OVERWRITE) {
      throw new UsageException(
          "Invalid --overwrite: with --retry-failed what is there is kept; give one of both");
    }

    return retryFailed ? StartMode.RETRY_FAILED : start;
  }

  /** The share of a list's failed pairs that is still a success. */
  public double maxFailedFraction() {
    return maxFailedFraction == null ? DEFAULT_FRACTION : maxFailedFraction;
  }

  /** The same for a dataset or for two images, which are to succeed. */
  public double maxFailedFraction(PairOptions pairs) {
    return maxFailedFraction == null && pairs.loose() ? 0 : maxFailedFraction();
  }
}
