/** Entry class for {@code spark-submit --class TrainJob}. */
public final class TrainJob {

  private TrainJob() {}

  /** Runs {@link org.denseflow.jobs.training.TrainCommand}. */
  public static void main(String[] arguments) {
    org.denseflow.jobs.JobMain.run(new org.denseflow.jobs.training.TrainCommand(), arguments);
  }
}
