/** Entry class for {@code spark-submit --class DescribeJob}. */
public final class DescribeJob {

  private DescribeJob() {}

  /** Runs {@link org.denseflow.jobs.describe.DescribeCommand}. */
  public static void main(String[] arguments) {
    org.denseflow.jobs.JobMain.run(new org.denseflow.jobs.describe.DescribeCommand(), arguments);
  }
}
