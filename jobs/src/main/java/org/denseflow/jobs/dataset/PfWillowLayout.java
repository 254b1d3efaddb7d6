package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.denseflow.metrics.Keypoints;

/**
 * PF-WILLOW (Ham et al., CVPR 2016) by its pair list: {@code test_pairs_pf.csv} with imageA, imageB
 * and 10 each of XA, YA, XB, YB in original pixels as annotated in MATLAB.
 */
final class PfWillowLayout implements Layout {

  private static final int POINTS = 10;

  @Override
  public Set<String> options() {
    return Set.of("list");
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    LayoutSource.PairList list =
        source.list("test_pairs_pf.csv", "PF-WILLOW's pair list, next to its PF-dataset folder");
    CsvTable table = list.table().requireColumns(2 + 4 * POINTS, 2 + 4 * POINTS);
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
              new PairAnnotation(points(table, row, 2), points(table, row, 2 + 2 * POINTS))));
    }
    return pairs;
  }

  private static ImageAnnotation points(CsvTable table, CsvTable.Row row, int first) {
    double[] xy = new double[2 * POINTS];

    for (int i = 0; i < xy.length; i++) {
      xy[i] = table.number(row, first + i);
    }
    return ImageAnnotation.NONE.withKeypoints(
        new Keypoints(Arrays.copyOf(xy, POINTS), Arrays.copyOfRange(xy, POINTS, 2 * POINTS)));
  }
}
