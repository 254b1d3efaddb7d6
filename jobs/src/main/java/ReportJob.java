/** Entry class for {@code spark-submit --class ReportJob}. */
public final class ReportJob {

  private ReportJob() {}

  /** Runs {@link org.denseflow.jobs.report.ReportCommand}. */
  public static void main(String[] arguments) {
    org.denseflow.jobs.JobMain.run(new org.denseflow.jobs.report.ReportCommand(), arguments);
  }
}
