package org.denseflow.jobs.dataset;

import java.util.Map;
import java.util.stream.Stream;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.Keypoints;

/**
 * Reads one row of a pair list, with the columns of {@link PairColumns}. Keypoints are {@code x y;x
 * y;...} in pixels, {@code nan nan} or {@code null null} for an absent point; a third number 0
 * (COCO's visibility) says so too. A box is {@code x1 y1 x2 y2} in pixels.
 */
public final class ListedPair {

  private ListedPair() {}

  /**
   * Reads a row.
   *
   * @param root what relative paths are relative to
   * @param cells text by the names of {@link PairColumns}
   * @param place the file and row, for messages
   * @throws DatasetException naming the place, the column and what is wrong
   */
  public static ImagePair of(String root, Map<String, String> cells, String place) {
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
    String box = cell(cells, side + "_box");

    if (!mask.isEmpty()) {
      annotation = annotation.withMask(FileStore.resolve(root, mask));
    }

    if (!box.isEmpty()) {
      annotation = annotation.withBox(box(box, side + "_box", place));
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

  /** The box of a cell {@code x1 y1 x2 y2}. */
  static Box box(String cell, String column, String place) {
    double[] corners =
        Stream.of(cell.split("\\s+")).mapToDouble(text -> number(text, column, place)).toArray();

    if (corners.length != 4 || !(corners[2] > corners[0] && corners[3] > corners[1])) {
      throw malformed(place, column, "it is not 'x1 y1 x2 y2'");
    }
    return new Box(corners[0], corners[1], corners[2], corners[3]);
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
