/** Entry class for {@code spark-submit --class AttributeTransferJob}. */
public final class AttributeTransferJob {

  private AttributeTransferJob() {}

  /** Runs {@link org.denseflow.jobs.transfer.AttributeTransferCommand}. */
  public static void main(String[] arguments) {
    org.denseflow.jobs.JobMain.run(
        new org.denseflow.jobs.transfer.AttributeTransferCommand(), arguments);
  }
}
