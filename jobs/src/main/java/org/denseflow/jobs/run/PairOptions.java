package org.denseflow.jobs.run;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.denseflow.image.Orientation;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.Dataset;
import org.denseflow.jobs.dataset.Datasets;
import org.denseflow.jobs.dataset.FileStore;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.ImageAnnotation;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.PairAnnotation;
import org.denseflow.jobs.dataset.PairSource;
import org.denseflow.jobs.plan.PairList;
import org.denseflow.jobs.plan.PairListReader;
import picocli.CommandLine.Option;

/** Options of which pairs a job computes: a dataset's, or two loose images. */
public final class PairOptions {

  @Option(
      names = "--dataset",
      paramLabel = "LAYOUT:URI",
      description =
          "Pairs to compute: pf-willow, pf-pascal, spair, tss, caltech101, pascal-parts, cub, pairs or folder.")
  private String dataset;

  @Option(
      names = "--source",
      paramLabel = "IMAGE",
      description = "One source image, with --target.")
  private String source;

  @Option(
      names = "--target",
      paramLabel = "IMAGE",
      description = "One target image, with --source.")
  private String target;

  @Option(
      names = "--append",
      description =
          "Add pairs to the finished run in --out. The list is the whole one: it has every pair of the run, with the same images, and new pairs, which alone are computed. All else must be as it was. Until they are done the run counts as unfinished; continue with --append or --resume and the same list.")
  private boolean append;

  private PairAnnotation annotation = PairAnnotation.NONE;

  /** Gives the source of two images a mask. */
  public void maskSource(String uri) {
    annotation =
        new PairAnnotation(
            ImageAnnotation.NONE.withMask(FileStore.absolute(uri)), ImageAnnotation.NONE);
  }

  /** Refuses what is neither a dataset nor two images. */
  public void check() {
    if (loose() ? source == null || target == null || dataset != null : dataset == null) {
      throw new UsageException(
          "Give either --dataset LAYOUT:URI, or --source IMAGE and --target IMAGE");
    }
  }

  /**
   * What to do with a run that was begun in the output directory.
   *
   * @throws UsageException if the options contradict each other
   */
  public StartMode start(BatchOptions batch, OutputOptions output) {
    StartMode start = batch.start(output);

    if (!append) {
      return start;
    }

    if (start == StartMode.OVERWRITE || start == StartMode.RETRY_FAILED || output.dryRun()) {
      throw new UsageException(
          "Invalid --append: give it without --overwrite, --retry-failed and --dry-run");
    }

    return StartMode.APPEND;
  }

  /** Whether two images were given. */
  public boolean loose() {
    return source != null || target != null;
  }

  /** The dataset's address, for the manifest. */
  public String address() {
    return loose() ? "images" : dataset;
  }

  /**
   * The first pairs, and prints what the dataset leaves out.
   *
   * @param toMatch whether the swapped pairs are added that the dataset's protocols need
   * @param masked whether masks of sources are needed
   */
  public PairList read(
      SparkSession spark, HadoopFileStore files, boolean toMatch, boolean masked, long limit) {
    return new PairListReader(spark, masked).read(source(files, toMatch), limit);
  }

  /**
   * Where pairs come from; prints what the dataset leaves out.
   *
   * @param toMatch whether the swapped pairs are added that the dataset's protocols need
   */
  public PairSource source(HadoopFileStore files, boolean toMatch) {
    PairSource pairs =
        loose()
            ? new PairSource.Listed(images())
            : Datasets.source(dataset, files, toMatch, PairList.MOST_HELD);
    pairs.notes().forEach(System.err::println);
    return pairs;
  }

  /** How images lie, where the configuration leaves it to them. */
  public Orientation orientation() {
    return loose() ? Orientation.UPRIGHT : Datasets.orientation(dataset);
  }

  private Dataset images() {
    ImagePair pair =
        new ImagePair(
            name(source) + "-" + name(target),
            FileStore.absolute(source),
            FileStore.absolute(target),
            "",
            annotation);
    return new Dataset("images", ".", List.of(pair));
  }

  private static String name(String uri) {
    String file = uri.substring(uri.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }
}
