/** Entry class for {@code spark-submit --class SyntheticPairJob}. */
public final class SyntheticPairJob {

  private SyntheticPairJob() {}

  /** Runs {@link org.denseflow.jobs.synthesis.SyntheticPairCommand}. */
  public static void main(String[] arguments) {
    org.denseflow.jobs.JobMain.run(
        new org.denseflow.jobs.synthesis.SyntheticPairCommand(), arguments);
  }
}
