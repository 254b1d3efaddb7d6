package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.denseflow.image.Orientation;

/**
 * A list of pairs with the columns of {@link PairColumns}; paths are relative to the list. What is
 * not a CSV file of moderate length is left to Spark ({@link #table}).
 */
final class PairListLayout implements Layout {

  /** A longer CSV file is left to Spark. */
  private static final long MOST_BYTES = 4L << 20;

  private static final Map<String, String> FORMATS =
      Map.of(
          "csv", "csv",
          "tsv", "csv",
          "parquet", "parquet",
          "json", "json",
          "jsonl", "json",
          "ndjson", "json");

  @Override
  public Orientation orientation() {
    return Orientation.UPRIGHT;
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    if (!source.root().endsWith(".csv") && !source.files().isDirectory(source.root())) {
      throw new DatasetException(
          "Cannot read %s: DenseFlowJob, AttributeTransferJob and EvaluateJob read such lists, all other jobs CSV with commas, semicolons or tabs, by the ending .csv"
              .formatted(source.root()));
    }

    LayoutSource.PairList list = source.list("pairs.csv", "a pair list with columns source,target");
    CsvTable table = list.table();
    Map<String, String> columns = PairColumns.of(table.uri(), table.header());
    List<ImagePair> pairs = new ArrayList<>();

    for (CsvTable.Row row : table.rows()) {
      Map<String, String> cells = new HashMap<>();
      columns.forEach((name, own) -> cells.put(name, row.cells().get(table.header().indexOf(own))));
      pairs.add(ListedPair.of(list.folder().root(), cells, table.uri() + ": line " + row.line()));
    }
    return pairs;
  }

  /**
   * The list as a table of Spark's: Parquet, JSON lines, a folder of files, or CSV that is too long
   * to be read here; empty for a CSV file, which is read here since errors name its line then.
   *
   * @throws DatasetException for a folder without lists
   */
  static Optional<PairSource.Table> table(LayoutSource source, boolean both) {
    String root = source.root();
    boolean folder = source.files().isDirectory(root);

    if (folder && source.files().exists(source.at("pairs.csv"))
        || source.options().containsKey("list")) {
      return Optional.empty();
    }

    String name = folder ? firstFile(source) : root.substring(root.lastIndexOf('/') + 1);
    String ending = name.toLowerCase(Locale.ROOT).replaceFirst("[.](gz|bz2|zst)$", "");
    String format = FORMATS.get(ending.substring(ending.lastIndexOf('.') + 1));

    if (!folder
        && "csv".equals(format)
        && root.toLowerCase(Locale.ROOT).endsWith(".csv")
        && source.files().size(root) <= MOST_BYTES) {
      return Optional.empty();
    }

    if (format == null) {
      throw new DatasetException(
          "Cannot read %s: a pair list is CSV, Parquet or JSON lines, by the ending .csv, .tsv, .parquet, .json, .jsonl or .ndjson"
              .formatted(root));
    }

    int slash = root.lastIndexOf('/');
    return Optional.of(
        new PairSource.Table(
            root,
            folder ? root : slash < 0 ? "." : root.substring(0, Math.max(slash, 1)),
            format,
            both));
  }

  private static String firstFile(LayoutSource source) {
    return source.files().list(source.root()).stream()
        .filter(name -> !name.startsWith("_") && !name.startsWith("."))
        .findFirst()
        .orElseThrow(
            () ->
                DatasetException.missing(
                    source.at("pairs.csv"), "a pair list with columns source,target"));
  }
}
