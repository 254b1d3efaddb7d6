/** Entry class for {@code spark-submit --class CompareJob}. */
public final class CompareJob {

  private CompareJob() {}

  /** Runs {@link org.denseflow.jobs.compare.CompareCommand}. */
  public static void main(String[] arguments) {
    org.denseflow.jobs.JobMain.run(new org.denseflow.jobs.compare.CompareCommand(), arguments);
  }
}
