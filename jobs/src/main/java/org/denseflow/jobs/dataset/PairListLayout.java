package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.denseflow.image.Orientation;
import org.denseflow.metrics.Keypoints;

/**
 * A list of pairs with the columns of {@link PairColumns}; paths are relative to the list.
 * Keypoints are {@code x y;x y;...} in pixels, {@code nan nan} or {@code null null} for an absent
 * point; a third number 0 (COCO's visibility) says so too. What is not a CSV file of moderate
 * length is left to Spark ({@link #table}).
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
          "Cannot read the annotations of %s: DenseFlowJob and AttributeTransferJob match such lists, all other jobs read CSV with commas, semicolons or tabs, by the ending .csv"
              .formatted(source.root()));
    }

    LayoutSource.PairList list = source.list("pairs.csv", "a pair list with columns source,target");
    CsvTable table = list.table();
    Map<String, String> columns = PairColumns.of(table.uri(), table.header());
    List<ImagePair> pairs = new ArrayList<>();

    for (CsvTable.Row row : table.rows()) {
      Map<String, String> cells = new HashMap<>();
      columns.forEach((name, own) -> cells.put(name, row.cells().get(table.header().indexOf(own))));
      pairs.add(pair(list.folder().root(), cells, table.uri() + ": line " + row.line()));
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

  private static ImagePair pair(String root, Map<String, String> cells, String place) {
    String source = required(cells, "source", place);
    String target = required(cells, "target", place);
    String id = cell(cells, "pair_id");
    ImageAnnotation annotationA = annotation(root, cells, "source", place);
    ImageAnnotation annotationB = annotation(root, cells, "target", place);
    int pointsA = annotationA.keypoints().map(Keypoints::size).orElse(0);
    int pointsB = annotationB.keypoints().map(Keypoints::size).orElse(0);

    if (pointsA != pointsB) {
      throw malformed(
          place, "target_keypoints", "%d points, the source has %d".formatted(pointsB, pointsA));
    }
    return new ImagePair(
        id.isEmpty() ? PairColumns.id(root, source, target) : id,
        FileStore.resolve(root, source),
        FileStore.resolve(root, target),
        cell(cells, "category"),
        new PairAnnotation(annotationA, annotationB));
  }

  private static ImageAnnotation annotation(
      String root, Map<String, String> cells, String side, String place) {
    ImageAnnotation annotation = ImageAnnotation.NONE;
    String mask = cell(cells, side + "_mask");
    String points = cell(cells, side + "_keypoints");

    if (!mask.isEmpty()) {
      annotation = annotation.withMask(FileStore.resolve(root, mask));
    }
    return points.isEmpty()
        ? annotation
        : annotation.withKeypoints(keypoints(points, side + "_keypoints", place));
  }

  private static Keypoints keypoints(String cell, String column, String place) {
    String[] points = cell.split(";", -1);
    double[] x = new double[points.length];
    double[] y = new double[points.length];

    for (int k = 0; k < points.length; k++) {
      String[] xy = points[k].strip().split("\\s+");

      if (xy.length != 2 && xy.length != 3) {
        throw malformed(place, column, "point '" + points[k] + "' is not 'x y'");
      }
      boolean visible = xy.length == 2 || number(xy[2], column, place) != 0;
      x[k] = visible ? number(xy[0], column, place) : Double.NaN;
      y[k] = visible ? number(xy[1], column, place) : Double.NaN;
    }
    return new Keypoints(x, y);
  }

  private static double number(String text, String column, String place) {
    try {
      double value = CsvTable.isNoNumber(text) ? Double.NaN : Double.parseDouble(text);

      if (!Double.isInfinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw malformed(place, column, "'" + text + "' is not a number");
    }
    throw malformed(place, column, "'" + text + "' is not a finite number");
  }

  private static String required(Map<String, String> cells, String name, String place) {
    String value = cell(cells, name);

    if (value.isEmpty()) {
      throw malformed(place, name, "it is empty");
    }
    return value;
  }

  private static String cell(Map<String, String> cells, String name) {
    String value = cells.get(name);
    return value == null ? "" : value.strip();
  }

  private static DatasetException malformed(String place, String column, String reason) {
    return new DatasetException("Cannot read %s, column %s: %s".formatted(place, column, reason));
  }
}
