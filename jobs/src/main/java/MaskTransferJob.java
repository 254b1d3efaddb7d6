/** Entry class for {@code spark-submit --class MaskTransferJob}. */
public final class MaskTransferJob {

  private MaskTransferJob() {}

  /** Runs {@link org.denseflow.jobs.masks.MaskTransferCommand}. */
  public static void main(String[] arguments) {
    org.denseflow.jobs.JobMain.run(new org.denseflow.jobs.masks.MaskTransferCommand(), arguments);
  }
}
