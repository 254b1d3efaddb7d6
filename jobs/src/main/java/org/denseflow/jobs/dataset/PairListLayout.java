package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.denseflow.image.Orientation;
import org.denseflow.metrics.Keypoints;

/**
 * A list of pairs: columns {@code source} and {@code target}, paths relative to the list, and
 * optionally {@code pair_id, category, source_mask, target_mask, source_keypoints,
 * target_keypoints}. Keypoints are {@code x y;x y;...} in pixels, {@code nan nan} or {@code null
 * null} for an absent point; a third number 0 (COCO's visibility) says so too. Parquet lists come
 * in through {@link Datasets#ofRows}.
 */
final class PairListLayout implements Layout {

  private static final Set<String> COLUMNS =
      Set.of(
          "source",
          "target",
          "pair_id",
          "category",
          "source_mask",
          "target_mask",
          "source_keypoints",
          "target_keypoints");

  @Override
  public Orientation orientation() {
    return Orientation.UPRIGHT;
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    if (source.root().endsWith(".parquet")) {
      throw new DatasetException(
          "Cannot read %s as CSV: Parquet lists are read by the job".formatted(source.root()));
    }
    LayoutSource.PairList list = source.list("pairs.csv", "a pair list with columns source,target");
    CsvTable table = list.table();
    Map<String, Integer> columns = table.columns();
    requireKnown(table.uri(), columns.keySet());
    List<ImagePair> pairs = new ArrayList<>();

    for (CsvTable.Row row : table.rows()) {
      Map<String, String> cells = new HashMap<>();
      columns.forEach((name, column) -> cells.put(name, row.cells().get(column)));
      pairs.add(pair(list.folder().root(), cells, table.uri() + ": line " + row.line()));
    }
    return pairs;
  }

  static List<ImagePair> pairs(String root, List<Map<String, String>> rows) {
    List<ImagePair> pairs = new ArrayList<>();

    for (int i = 0; i < rows.size(); i++) {
      requireKnown(root, rows.get(i).keySet());
      pairs.add(pair(root, rows.get(i), root + ": row " + (i + 1)));
    }
    return pairs;
  }

  private static void requireKnown(String uri, Set<String> names) {
    for (String needed : List.of("source", "target")) {
      if (!names.contains(needed)) {
        throw new DatasetException(
            "Cannot read %s: line 1 has no column %s, found %s"
                .formatted(uri, needed, new TreeSet<>(names)));
      }
    }

    for (String name : names) {
      if (!COLUMNS.contains(name)) {
        throw new DatasetException(
            "Cannot read %s: line 1, column %s: unknown, expected one of %s"
                .formatted(uri, name, new TreeSet<>(COLUMNS)));
      }
    }
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
        id.isEmpty() ? LayoutSource.pairId(relative(root, source), relative(root, target)) : id,
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

  private static String relative(String root, String path) {
    return path.startsWith(root + "/") ? path.substring(root.length() + 1) : path;
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
