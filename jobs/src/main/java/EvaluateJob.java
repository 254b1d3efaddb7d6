/** Entry class for {@code spark-submit --class EvaluateJob}. */
public final class EvaluateJob {

  private EvaluateJob() {}

  /** Runs {@link org.denseflow.jobs.evaluate.EvaluateCommand}. */
  public static void main(String[] arguments) {
    org.denseflow.jobs.JobMain.run(new org.denseflow.jobs.evaluate.EvaluateCommand(), arguments);
  }
}
