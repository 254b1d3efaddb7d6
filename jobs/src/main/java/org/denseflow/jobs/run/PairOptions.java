package org.denseflow.jobs.run;

import java.util.List;
import org.denseflow.image.Orientation;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.Dataset;
import org.denseflow.jobs.dataset.Datasets;
import org.denseflow.jobs.dataset.FileStore;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.dataset.PairAnnotation;
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

  /** Refuses what is neither a dataset nor two images. */
  public void check() {
    if (loose() ? source == null || target == null || dataset != null : dataset == null) {
      throw new UsageException(
          "Give either --dataset LAYOUT:URI, or --source IMAGE and --target IMAGE");
    }
  }

  /** Whether two images were given. */
  public boolean loose() {
    return source != null || target != null;
  }

  /** The dataset's address, for the manifest. */
  public String address() {
    return loose() ? "images" : dataset;
  }

  /** Opens the dataset and prints what it leaves out. */
  public Dataset open(HadoopFileStore files) {
    return told(loose() ? images() : Datasets.open(dataset, files));
  }

  /** The same with the swapped pairs that the dataset's protocols need. */
  public Dataset openToMatch(HadoopFileStore files) {
    return told(loose() ? images() : Datasets.openToMatch(dataset, files));
  }

  private static Dataset told(Dataset opened) {
    opened.notes().forEach(System.err::println);
    return opened;
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
            PairAnnotation.NONE);
    return new Dataset("images", ".", List.of(pair));
  }

  private static String name(String uri) {
    String file = uri.substring(uri.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }
}
