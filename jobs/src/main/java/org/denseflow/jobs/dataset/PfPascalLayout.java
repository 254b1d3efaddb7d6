package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.denseflow.jobs.dataset.PairAnnotation.Mirror;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.Keypoints;

/**
 * PF-PASCAL by a pair list: source, target, class (1..20 or its name), then either XA, YA, XB, YB
 * as semicolon-separated, 1-based original pixels (Rocco et al.), or nothing, and points and boxes
 * come from {@code Annotations/CLASS/IMAGE.mat} beside the folder JPEGImages. A last column named
 * {@code flip} marks the pairs of which both images are to be mirrored; an eighth column under any
 * other name is SFNet's longer side of the source box, kept as a square box at the origin because
 * its place is not given.
 */
final class PfPascalLayout implements Layout {

  private static final List<String> CLASSES =
      List.of(
          "aeroplane",
          "bicycle",
          "bird",
          "boat",
          "bottle",
          "bus",
          "car",
          "cat",
          "chair",
          "cow",
          "diningtable",
          "dog",
          "horse",
          "motorbike",
          "person",
          "pottedplant",
          "sheep",
          "sofa",
          "train",
          "tvmonitor");

  private static final int CLASS = 2;
  private static final int POINTS = 3;
  private static final int LAST_OF_POINTS = 7;
  private static final String IMAGES = "JPEGImages";

  @Override
  public Set<String> options() {
    return Set.of("list");
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    LayoutSource.PairList list =
        source.list("test_pairs.csv", "a PF-PASCAL pair list; name another one with ?list=FILE");
    Columns columns = Columns.of(list.table());
    Map<String, ImageAnnotation> annotations = new HashMap<>();
    List<ImagePair> pairs = new ArrayList<>();

    for (CsvTable.Row row : list.table().rows()) {
      String imageA = list.table().required(row, 0);
      String imageB = list.table().required(row, 1);
      String category = category(list.table(), row);
      boolean flip = columns.flip() >= 0 && list.table().number(row, columns.flip()) != 0;
      ImageAnnotation a =
          columns.points()
              ? points(list.table(), row, POINTS)
              : annotations.computeIfAbsent(
                  category + "/" + imageA, i -> annotation(list.folder(), category, imageA));
      ImageAnnotation b =
          columns.points()
              ? points(list.table(), row, POINTS + 2)
              : annotations.computeIfAbsent(
                  category + "/" + imageB, i -> annotation(list.folder(), category, imageB));
      requireEqualLength(list.table(), row, columns, a.keypointsOrNull(), b.keypointsOrNull());
      pairs.add(
          new ImagePair(
              LayoutSource.pairId(imageA, imageB) + (flip ? "/flip" : ""),
              list.folder().at(imageA),
              list.folder().at(imageB),
              category,
              new PairAnnotation(
                  columns.box() < 0 ? a : a.withBox(box(list.table(), row, columns.box())),
                  b,
                  flip ? Mirror.BOTH : Mirror.NONE)));
    }
    return pairs;
  }

  /**
   * What a list's columns are.
   *
   * @param points whether the list has the points
   * @param flip the column of that name, -1 without
   * @param box the column of SFNet's box side, -1 without
   */
  private record Columns(boolean points, int flip, int box) {

    static Columns of(CsvTable table) {
      int count = table.header().size();
      boolean flips = table.header().get(count - 1).equalsIgnoreCase("flip");
      int last = count - 1;
      return switch (count) {
        case POINTS -> new Columns(false, -1, -1);
        case LAST_OF_POINTS -> new Columns(true, -1, -1);
        case LAST_OF_POINTS + 1 -> new Columns(true, flips ? last : -1, flips ? -1 : last);
        case POINTS + 1 -> {
          if (!flips) {
            throw DatasetException.malformed(
                table.uri(), 1, table.header().get(last), "expected a fourth column named flip");
          }
          yield new Columns(false, last, -1);
        }
        default ->
            throw new DatasetException(
                "Cannot read %s: line 1 has %d columns, expected source, target, class and then XA, YA, XB, YB, or none of these four"
                    .formatted(table.uri(), count));
      };
    }
  }

  private static void requireEqualLength(
      CsvTable table, CsvTable.Row row, Columns columns, Keypoints a, Keypoints b) {
    if (a.size() != b.size()) {
      throw table.malformed(
          row,
          columns.points() ? POINTS + 2 : 1,
          "%d points, the source has %d".formatted(b.size(), a.size()));
    }
  }

  private static Box box(CsvTable table, CsvTable.Row row, int column) {
    double side = table.number(row, column);

    if (!(side > 0)) {
      throw table.malformed(row, column, side + " is not a positive box side");
    }
    return new Box(0, 0, side, side);
  }

  private static ImageAnnotation points(CsvTable table, CsvTable.Row row, int column) {
    double[] x = table.numbers(row, column, ";");
    double[] y = table.numbers(row, column + 1, ";");

    if (x.length != y.length) {
      throw table.malformed(
          row, column + 1, "%d values, %d in the column before".formatted(y.length, x.length));
    }
    return ImageAnnotation.NONE.withKeypoints(new Keypoints(x, y));
  }

  private static ImageAnnotation annotation(LayoutSource folder, String category, String image) {
    String images = image.substring(0, image.lastIndexOf('/') + 1);
    String above =
        LayoutSource.folderName(image).equals(IMAGES)
            ? images.substring(0, images.length() - IMAGES.length() - 1)
            : images;
    String stem = ImageFiles.stem(image.substring(images.length()));
    String uri =
        folder.require(
            "%sAnnotations/%s/%s.mat".formatted(above, category, stem),
            "the points and box of %s: a list without the columns XA, YA, XB, YB takes them from PF-PASCAL's folder Annotations"
                .formatted(image));
    return PfPascalMat.read(uri, folder.files().read(uri));
  }

  private static String category(CsvTable table, CsvTable.Row row) {
    String name = table.required(row, CLASS).toLowerCase(Locale.ROOT);

    if (CLASSES.contains(name)) {
      return name;
    }
    double index = table.number(row, CLASS);

    if (!(index >= 1 && index <= CLASSES.size() && index == Math.rint(index))) {
      throw table.malformed(row, CLASS, index + " is not a class of 1 to " + CLASSES.size());
    }
    return CLASSES.get((int) index - 1);
  }
}
