/** Entry class for {@code spark-submit --class DenseFlowJob}. */
public final class DenseFlowJob {

  private DenseFlowJob() {}

  /** Runs {@link org.denseflow.jobs.flow.DenseFlowCommand}. */
  public static void main(String[] arguments) {
    org.denseflow.jobs.JobMain.run(new org.denseflow.jobs.flow.DenseFlowCommand(), arguments);
  }
}
