package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.denseflow.metrics.Keypoints;

/**
 * Caltech-101 mask transfer by Rocco et al.'s list: source, target, category number, then the two
 * outlines as quoted, comma-separated XA, YA, XB, YB. The category is the images' folder name.
 */
final class Caltech101Layout implements Layout {

  private static final int COLUMNS = 7;

  @Override
  public Set<String> options() {
    return Set.of("list");
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    LayoutSource.PairList list =
        source.list(
            "test_pairs_caltech_with_category.csv",
            "Caltech-101's pair list, next to its 101_ObjectCategories folder");
    CsvTable table = list.table().requireColumns(COLUMNS, COLUMNS);
    List<ImagePair> pairs = new ArrayList<>();

    for (CsvTable.Row row : table.rows()) {
      String imageA = table.required(row, 0);
      String imageB = table.required(row, 1);
      pairs.add(
          new ImagePair(
              LayoutSource.pairId(imageA, imageB),
              list.folder().at(imageA),
              list.folder().at(imageB),
              LayoutSource.folderName(imageA),
              new PairAnnotation(outline(table, row, 3), outline(table, row, 5))));
    }
    return pairs;
  }

  private static ImageAnnotation outline(CsvTable table, CsvTable.Row row, int column) {
    double[] x = table.numbers(row, column, ",");
    double[] y = table.numbers(row, column + 1, ",");

    if (x.length != y.length) {
      throw table.malformed(
          row, column + 1, "%d values, %d in the column before".formatted(y.length, x.length));
    }

    if (x.length < 3) {
      throw table.malformed(row, column, x.length + " points do not outline an object");
    }
    return ImageAnnotation.NONE.withPolygon(new Keypoints(x, y));
  }
}
