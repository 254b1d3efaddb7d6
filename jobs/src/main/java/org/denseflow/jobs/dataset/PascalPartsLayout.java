package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * PASCAL Parts as Zhou et al.'s benchmark arranges it: a list of two image columns, and for each
 * image NAME.EXT a {@code NAME_new.mat} with keypts, keypts_status, part_mask, part_mask_status.
 * The category is the images' folder name.
 */
final class PascalPartsLayout implements Layout {

  @Override
  public Set<String> options() {
    return Set.of("list");
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    LayoutSource.PairList list =
        source.list(
            "test_pairs_pascal_parts.csv",
            "a list of image pairs with two columns; name another one with ?list=FILE");
    CsvTable table = list.table();
    Map<String, ImageAnnotation> annotations = new HashMap<>();
    List<ImagePair> pairs = new ArrayList<>();

    if (table.header().size() < 2) {
      table.requireColumns(2, 2);
    }

    for (CsvTable.Row row : table.rows()) {
      String imageA = table.required(row, 0);
      String imageB = table.required(row, 1);
      ImageAnnotation a = annotations.computeIfAbsent(imageA, i -> annotation(list.folder(), i));
      ImageAnnotation b = annotations.computeIfAbsent(imageB, i -> annotation(list.folder(), i));

      if (a.keypointsOrNull().size() != b.keypointsOrNull().size()) {
        throw table.malformed(
            row,
            1,
            "%d keypoints, the source has %d"
                .formatted(b.keypointsOrNull().size(), a.keypointsOrNull().size()));
      }
      pairs.add(
          new ImagePair(
              LayoutSource.pairId(imageA, imageB),
              list.folder().at(imageA),
              list.folder().at(imageB),
              LayoutSource.folderName(imageA),
              new PairAnnotation(a, b)));
    }
    return pairs;
  }

  private static ImageAnnotation annotation(LayoutSource folder, String image) {
    int dot = image.lastIndexOf('.');
    String path = (dot < 0 ? image : image.substring(0, dot)) + "_new.mat";
    String uri = folder.require(path, "the annotation of " + image);
    return ImageAnnotation.NONE
        .withKeypoints(MatAnnotation.read(uri, folder.files().read(uri)).keypoints())
        .withParts(uri);
  }
}
