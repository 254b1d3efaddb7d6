package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.denseflow.metrics.Box;
import org.denseflow.metrics.Keypoints;

/**
 * CUB-200-2011 (Wah et al., 2011): all ordered pairs inside each class, with {@code pairs=train}
 * those of training images, or with {@code pairs=train-test} from each training image to each test
 * image of its class. Parts become keypoints (invisible ones absent), masks come from
 * segmentations/ where that folder is there.
 */
final class CubLayout implements Layout {

  private static final String MASKS = "segmentations";
  private static final String IMAGES = "CUB-200-2011's list of '<id> <class>/<file>'";

  @Override
  public Set<String> options() {
    return Set.of("pairs");
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    String wanted = source.option("pairs", "all", "train", "train-test");
    source.require("images", "CUB-200-2011's folder of images");
    Map<String, CubImage> images = CubImage.readAll(source);
    Map<String, List<CubImage>> classes = new LinkedHashMap<>();
    images
        .values()
        .forEach(i -> classes.computeIfAbsent(i.category(), c -> new ArrayList<>()).add(i));
    List<ImagePair> pairs = new ArrayList<>();

    for (List<CubImage> members : classes.values()) {
      for (CubImage a : members) {
        for (CubImage b : members) {
          if (isWanted(wanted, a, b)) {
            pairs.add(
                new ImagePair(
                    LayoutSource.pairId(a.path(), b.path()),
                    source.at("images/" + a.path()),
                    source.at("images/" + b.path()),
                    a.category(),
                    new PairAnnotation(a.annotation(), b.annotation())));
          }
        }
      }
    }
    return pairs;
  }

  private static boolean isWanted(String pairs, CubImage a, CubImage b) {
    return switch (pairs) {
      case "train" -> a != b && a.training() && b.training();
      case "train-test" -> a.training() && !b.training();
      default -> a != b;
    };
  }

  @Override
  public boolean listsImages() {
    return true;
  }

  @Override
  public List<DatasetImage> images(LayoutSource source) {
    source.require("images", "CUB-200-2011's folder of images");
    return CubImage.readAll(source).values().stream()
        .map(
            image ->
                new DatasetImage(
                    image.path(),
                    source.at("images/" + image.path()),
                    image.category(),
                    image.training() ? DatasetImage.Split.TRAIN : DatasetImage.Split.TEST,
                    image.annotation()))
        .toList();
  }

  /** One image of the lists. */
  private record CubImage(
      String path, String category, boolean training, ImageAnnotation annotation) {

    static Map<String, CubImage> readAll(LayoutSource source) {
      Map<String, String> paths = new LinkedHashMap<>();
      IdTable.read(source, "images.txt", IMAGES, 2)
          .forEachLine(line -> paths.put(line.text(0), line.text(1)));
      Map<String, Box> boxes = boxes(source);
      Map<String, Keypoints> parts = parts(source);
      Set<String> training = training(source);
      Map<String, String> masks = masks(source);
      Map<String, CubImage> images = new LinkedHashMap<>();

      paths.forEach(
          (id, path) -> {
            String mask = masks.get(ImageFiles.stem(path));
            ImageAnnotation annotation =
                ImageAnnotation.NONE.withKeypoints(parts.get(id)).withBox(boxes.get(id));
            images.put(
                id,
                new CubImage(
                    path,
                    path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "",
                    training.contains(id),
                    mask == null ? annotation : annotation.withMask(mask)));
          });
      return images;
    }

    private static Map<String, Box> boxes(LayoutSource source) {
      Map<String, Box> boxes = new LinkedHashMap<>();
      IdTable.read(source, "bounding_boxes.txt", "CUB-200-2011's '<id> x y width height'", 5)
          .forEachLine(
              line -> {
                double x = line.number(1);
                double y = line.number(2);
                double width = line.positive(3);
                double height = line.positive(4);
                boxes.put(line.text(0), new Box(x, y, x + width, y + height));
              });
      return boxes;
    }

    private static Map<String, Keypoints> parts(LayoutSource source) {
      int[] count = new int[1];
      IdTable.read(source, "parts/parts.txt", "CUB-200-2011's '<part id> <name>'", 2)
          .forEachLine(line -> count[0]++);
      Map<String, Keypoints> parts = new LinkedHashMap<>();
      IdTable.read(source, "parts/part_locs.txt", "CUB-200-2011's '<id> <part> x y visible'", 5)
          .forEachLine(
              line -> {
                Keypoints points =
                    parts.computeIfAbsent(line.text(0), id -> CubImage.absent(count[0]));
                int part = line.index(1, count[0]);

                if (line.number(4) != 0) {
                  points.x()[part] = line.number(2);
                  points.y()[part] = line.number(3);
                }
              });
      return parts;
    }

    private static Keypoints absent(int count) {
      double[] x = new double[count];
      double[] y = new double[count];
      java.util.Arrays.fill(x, Double.NaN);
      java.util.Arrays.fill(y, Double.NaN);
      return new Keypoints(x, y);
    }

    private static Set<String> training(LayoutSource source) {
      Set<String> training = new HashSet<>();
      IdTable.read(source, "train_test_split.txt", "CUB-200-2011's '<id> <is training>'", 2)
          .forEachLine(
              line -> {
                if (line.number(1) != 0) {
                  training.add(line.text(0));
                }
              });
      return training;
    }

    /** URIs by the stem of their image's path. */
    private static Map<String, String> masks(LayoutSource source) {
      Map<String, String> masks = new HashMap<>();

      if (!source.files().exists(source.at(MASKS))) {
        return masks;
      }

      for (String folder : source.files().list(source.at(MASKS))) {
        if (folder.endsWith("/") && !ImageFiles.isSystem(folder)) {
          String uri = MASKS + "/" + folder;
          source.files().list(source.at(uri)).stream()
              .filter(name -> name.toLowerCase(Locale.ROOT).endsWith(".png"))
              .forEach(name -> masks.put(folder + ImageFiles.stem(name), source.at(uri + name)));
        }
      }
      return masks;
    }
  }
}
