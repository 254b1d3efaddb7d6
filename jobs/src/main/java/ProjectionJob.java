/** Entry class for {@code spark-submit --class ProjectionJob}. */
public final class ProjectionJob {

  private ProjectionJob() {}

  /** Runs {@link org.denseflow.jobs.projection.ProjectionCommand}. */
  public static void main(String[] arguments) {
    org.denseflow.jobs.JobMain.run(
        new org.denseflow.jobs.projection.ProjectionCommand(), arguments);
  }
}
