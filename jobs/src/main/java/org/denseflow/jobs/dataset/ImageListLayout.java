package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.denseflow.image.Orientation;

/**
 * A list of images: a CSV file with the column {@code image}, paths relative to the list, and
 * optionally {@code category, mask, split} ({@code train} or {@code test}) and {@code box} ({@code
 * x1 y1 x2 y2} in pixels). As pairs it is all ordered pairs inside each category, or with {@code
 * neighbours=K} each image with the K of its category that look most like it.
 */
final class ImageListLayout implements Layout {
  private static final String NEIGHBOURS = "neighbours";
  private static final Set<String> COLUMNS = Set.of("image", "category", "mask", "split", "box");

  @Override
  public Set<String> options() {
    return Set.of(NEIGHBOURS);
  }

  @Override
  public Orientation orientation() {
    return Orientation.UPRIGHT;
  }

  @Override
  public boolean crossesImages() {
    return true;
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    if (neighbours(source).isPresent()) {
      throw new DatasetException(
          "Cannot list the pairs of %s: neighbours are chosen by the features of a run, which DenseFlowJob does; leave neighbours out, or give that run's pairs:OUT/neighbours/chunk=00000"
              .formatted(source.root()));
    }

    List<DatasetImage> images = images(source);
    List<ImagePair> pairs = new ArrayList<>();

    for (DatasetImage a : images) {
      for (DatasetImage b : images) {
        if (a != b && a.category().equals(b.category())) {
          pairs.add(
              new ImagePair(
                  LayoutSource.pairId(a.id(), b.id()),
                  a.uri(),
                  b.uri(),
                  a.category(),
                  new PairAnnotation(a.annotation(), b.annotation())));
        }
      }
    }
    return pairs;
  }

  /** How many images each is paired with, of those that look most like it; all if empty. */
  static OptionalInt neighbours(LayoutSource source) {
    String text = source.options().get(NEIGHBOURS);

    if (text == null) {
      return OptionalInt.empty();
    }

    if (!text.matches("[1-9][0-9]{0,3}")) {
      throw new DatasetException(
          "Invalid dataset option: neighbours=%s, expected a number from 1 to 9999"
              .formatted(text));
    }

    return OptionalInt.of(Integer.parseInt(text));
  }

  @Override
  public List<DatasetImage> images(LayoutSource source) {
    LayoutSource.PairList list = source.list("images.csv", "a list with a column image");
    CsvTable table = list.table();
    Map<String, Integer> columns = table.columns();

    if (!columns.containsKey("image") || !COLUMNS.containsAll(columns.keySet())) {
      throw new DatasetException(
          "Cannot read %s: line 1 has the columns %s, expected image and any of %s"
              .formatted(table.uri(), new TreeSet<>(columns.keySet()), new TreeSet<>(COLUMNS)));
    }
    Map<String, DatasetImage> images = new LinkedHashMap<>();

    for (CsvTable.Row row : table.rows()) {
      DatasetImage image = image(list, columns, row);

      if (images.put(image.id(), image) != null) {
        throw table.malformed(row, columns.get("image"), image.id() + " occurs twice");
      }
    }
    return List.copyOf(images.values());
  }

  private static DatasetImage image(
      LayoutSource.PairList list, Map<String, Integer> columns, CsvTable.Row row) {
    CsvTable table = list.table();
    String path = table.required(row, columns.get("image"));
    String mask = cell(columns, row, "mask");
    ImageAnnotation annotation = ImageAnnotation.NONE;

    if (!mask.isEmpty()) {
      annotation = annotation.withMask(FileStore.resolve(list.folder().root(), mask));
    }

    String box = cell(columns, row, "box");

    if (!box.isEmpty()) {
      String place = table.uri() + ": line " + row.line();
      annotation = annotation.withBox(ListedPair.box(box, "box", place));
    }
    return new DatasetImage(
        path,
        FileStore.resolve(list.folder().root(), path),
        cell(columns, row, "category"),
        split(table, columns, row),
        annotation);
  }

  private static DatasetImage.Split split(
      CsvTable table, Map<String, Integer> columns, CsvTable.Row row) {
    return switch (cell(columns, row, "split").toLowerCase(Locale.ROOT)) {
      case "" -> DatasetImage.Split.NONE;
      case "train" -> DatasetImage.Split.TRAIN;
      case "test" -> DatasetImage.Split.TEST;
      default -> throw table.malformed(row, columns.get("split"), "it is neither train nor test");
    };
  }

  private static String cell(Map<String, Integer> columns, CsvTable.Row row, String name) {
    Integer column = columns.get(name);
    return column == null ? "" : row.cells().get(column).strip();
  }
}
