package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.Keypoints;

/**
 * PF-PASCAL by a pair list in the form of Rocco et al.: source, target, class (1..20), then XA, YA,
 * XB, YB as semicolon-separated, 1-based original pixels. An eighth column named {@code flip} says
 * which pairs are mirrored; under any other name it is SFNet's longer side of the source box, kept
 * as a square box at the origin because its place is not given.
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

  private static final int EIGHTH = 7;

  @Override
  public Set<String> options() {
    return Set.of("list");
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    LayoutSource.PairList list =
        source.list("test_pairs.csv", "a PF-PASCAL pair list; name another one with ?list=FILE");
    CsvTable table = list.table().requireColumns(EIGHTH, EIGHTH + 1);
    boolean flips = table.header().size() > EIGHTH && table.header().get(EIGHTH).equals("flip");
    List<ImagePair> pairs = new ArrayList<>();

    for (CsvTable.Row row : table.rows()) {
      String imageA = table.required(row, 0);
      String imageB = table.required(row, 1);
      Keypoints a = points(table, row, 3);
      Keypoints b = points(table, row, 5);

      if (a.size() != b.size()) {
        throw table.malformed(row, 5, "%d points, the source has %d".formatted(b.size(), a.size()));
      }
      ImageAnnotation annotationA = ImageAnnotation.NONE.withKeypoints(a);
      ImageAnnotation annotationB = ImageAnnotation.NONE.withKeypoints(b);
      boolean flip = flips && table.number(row, EIGHTH) != 0;

      if (table.header().size() > EIGHTH && !flips) {
        double side = table.number(row, EIGHTH);

        if (!(side > 0)) {
          throw table.malformed(row, EIGHTH, side + " is not a positive box side");
        }
        annotationA = annotationA.withBox(new Box(0, 0, side, side));
      }
      pairs.add(
          new ImagePair(
              LayoutSource.pairId(imageA, imageB) + (flip ? "/flip" : ""),
              list.folder().at(imageA),
              list.folder().at(imageB),
              category(table, row),
              new PairAnnotation(annotationA, annotationB, flip)));
    }
    return pairs;
  }

  private static Keypoints points(CsvTable table, CsvTable.Row row, int column) {
    double[] x = table.numbers(row, column, ";");
    double[] y = table.numbers(row, column + 1, ";");

    if (x.length != y.length) {
      throw table.malformed(
          row, column + 1, "%d values, %d in the column before".formatted(y.length, x.length));
    }
    return new Keypoints(x, y);
  }

  private static String category(CsvTable table, CsvTable.Row row) {
    double index = table.number(row, 2);

    if (!(index >= 1 && index <= CLASSES.size() && index == Math.rint(index))) {
      throw table.malformed(row, 2, index + " is not a class of 1 to " + CLASSES.size());
    }
    return CLASSES.get((int) index - 1);
  }
}
