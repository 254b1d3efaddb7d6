package org.denseflow.jobs.dataset;

import java.util.List;

/** Where the pairs of a run come from. */
public sealed interface PairSource {

  /** The dataset's layout, such as {@code pf-willow}. */
  String layout();

  /** URI of the folder or list that the images' paths are relative to. */
  String root();

  /** What was left out, for people to read. */
  List<String> notes();

  /** A dataset that was read. */
  record Listed(Dataset dataset) implements PairSource {
    @Override
    public String layout() {
      return dataset.layout();
    }

    @Override
    public String root() {
      return dataset.root();
    }

    @Override
    public List<String> notes() {
      return dataset.notes();
    }
  }

  /** All ordered pairs of the images of each category, too many to list here. */
  record Crossed(String layout, String root, List<DatasetImage> images, List<String> notes)
      implements PairSource {}

  /**
   * Each image with those of its category that look most like it.
   *
   * @param neighbours how many at most
   */
  record Nearest(
      String layout, String root, List<DatasetImage> images, int neighbours, List<String> notes)
      implements PairSource {}

  /**
   * A list of pairs that is left to Spark: Parquet, JSON lines, folders of files, or large CSV.
   *
   * @param uri of the file or folder
   * @param root what relative paths are relative to
   * @param format as Spark names it
   * @param both whether swapped pairs are asked for
   */
  record Table(String uri, String root, String format, boolean both) implements PairSource {
    @Override
    public String layout() {
      return "pairs";
    }

    @Override
    public List<String> notes() {
      return List.of();
    }
  }
}
