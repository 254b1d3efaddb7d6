package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.jobs.dataset.PairAnnotation.Mirror;

/**
 * TSS (Taniai et al., CVPR 2016): {@code GROUP/PAIR/} folders with image1.png, image2.png,
 * flow1.flo, flow2.flo, mask1.png, mask2.png and optionally flip_gt.txt. Image 1 is the source; the
 * reverse is a pair too, as the official scores need. Pairs whose flip_gt.txt is 1 are marked as
 * mirrored: the kit's averages "w/o flip" are those of the others.
 */
final class TssLayout implements Layout {

  private static final List<String> FILES =
      List.of("image1.png", "image2.png", "flow1.flo", "flow2.flo", "mask1.png", "mask2.png");

  @Override
  public boolean countsBothDirections() {
    return true;
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    List<ImagePair> pairs = new ArrayList<>();

    for (String group : folders(source.files(), source.root())) {
      for (String name : folders(source.files(), source.at(group))) {
        pairs.add(pair(source, group, group + "/" + name));
      }
    }

    if (pairs.isEmpty()) {
      throw DatasetException.missing(
          source.at("*/*/image1.png"), "TSS's pair folders inside FG3DCar, JODS and PASCAL");
    }
    return pairs;
  }

  private static ImagePair pair(LayoutSource source, String group, String path) {
    List<String> present = source.files().list(source.at(path));

    for (String file : FILES) {
      if (!present.contains(file)) {
        throw DatasetException.missing(
            source.at(path + "/" + file), "one of %s in each TSS pair folder".formatted(FILES));
      }
    }
    Mirror mirror =
        present.contains("flip_gt.txt") ? mirror(source, path + "/flip_gt.txt") : Mirror.NONE;
    return new ImagePair(
        path,
        source.at(path + "/image1.png"),
        source.at(path + "/image2.png"),
        group,
        new PairAnnotation(annotation(source, path, 1), annotation(source, path, 2), mirror));
  }

  private static Mirror mirror(LayoutSource source, String path) {
    String value = source.files().text(source.at(path)).strip();

    return switch (value) {
      case "0" -> Mirror.NONE;
      case "1" -> Mirror.ONE;
      default ->
          throw DatasetException.malformed(
              source.at(path), 1, "1", "'%s', expected 0 or 1".formatted(value));
    };
  }

  private static ImageAnnotation annotation(LayoutSource source, String path, int image) {
    return ImageAnnotation.NONE
        .withMask(source.at("%s/mask%d.png".formatted(path, image)))
        .withFlow(source.at("%s/flow%d.flo".formatted(path, image)));
  }

  private static List<String> folders(FileStore files, String folder) {
    return files.list(folder).stream()
        .filter(name -> name.endsWith("/") && !ImageFiles.isSystem(name))
        .map(name -> name.substring(0, name.length() - 1))
        .toList();
  }
}
