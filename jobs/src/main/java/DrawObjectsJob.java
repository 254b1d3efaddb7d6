/** Entry class for {@code spark-submit --class DrawObjectsJob}. */
public final class DrawObjectsJob {

  private DrawObjectsJob() {}

  /** Runs {@link org.denseflow.jobs.demo.DrawObjectsCommand}. */
  public static void main(String[] arguments) {
    org.denseflow.jobs.JobMain.run(new org.denseflow.jobs.demo.DrawObjectsCommand(), arguments);
  }
}
