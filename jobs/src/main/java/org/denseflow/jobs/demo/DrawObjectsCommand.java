package org.denseflow.jobs.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.Mask;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.FileStore;
import org.denseflow.synthesis.DrawnImage;
import org.denseflow.synthesis.ObjectCategory;
import org.denseflow.synthesis.ObjectPainter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command line of DrawObjectsJob: writes drawn objects in the layout of CUB-200-2011. Part ids
 * are unique over all categories; coordinates are 1-based as CUB's are.
 */
@Command(
    name = "DrawObjectsJob",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Draws a small image set with exact keypoints and masks, in the CUB-200-2011 layout.")
public final class DrawObjectsCommand implements Callable<ExitCode> {

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Local output directory.")
  private Path out;

  @Option(
      names = "--categories",
      defaultValue = "6",
      description = "How many categories, at most 6 (default: ${DEFAULT-VALUE}).")
  private int categories;

  @Option(
      names = "--images-per-category",
      defaultValue = "5",
      description = "Images of each (default: ${DEFAULT-VALUE}).")
  private int images;

  @Option(
      names = "--size",
      defaultValue = "320",
      description = "Image width; the height is three quarters of it (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(names = "--seed", defaultValue = "1", description = "Seed (default: ${DEFAULT-VALUE}).")
  private long seed;

  private final StringBuilder imageList = new StringBuilder();
  private final StringBuilder labels = new StringBuilder();
  private final StringBuilder classes = new StringBuilder();
  private final StringBuilder boxes = new StringBuilder();
  private final StringBuilder split = new StringBuilder();
  private final StringBuilder partLocations = new StringBuilder();

  @Override
  public ExitCode call() throws IOException {
    if (categories < 1 || categories > ObjectCategory.values().length || images < 1 || size < 64) {
      throw new UsageException(
          "Invalid size of the set: 1 to %d categories, at least 1 image each, at least 64 pixels"
              .formatted(ObjectCategory.values().length));
    }

    if (FileStore.hasScheme(out.toString())) {
      throw new UsageException(
          "Cannot draw in %s: --out is a local directory; copy it from there".formatted(out));
    }

    requireWritable();
    List<String> partNames = new ArrayList<>();
    int id = 0;

    for (int c = 0; c < categories; c++) {
      ObjectCategory category = ObjectCategory.values()[c];
      String name = category.name().toLowerCase(Locale.ROOT);
      String folder = String.format(Locale.ROOT, "%03d.%s", c + 1, name);
      classes.append("%d %s%n".formatted(c + 1, folder));
      int firstPart = partNames.size();

      for (int i = 0; i < images; i++) {
        DrawnImage drawn =
            ObjectPainter.draw(category, size, size * 3 / 4, seed * 1_000_003 + c * 1_009L + i);

        if (i == 0) {
          drawn.parts().forEach(part -> partNames.add(name + " " + part.name()));
        }

        id++;
        describe(id, c, folder + "/" + name + "_" + (i + 1), i, drawn, firstPart);
      }
    }

    parts(id, partNames);
    System.out.printf("drew %d images of %d categories in %s%n", id, categories, out);
    return ExitCode.DONE;
  }

  private void requireWritable() {
    try {
      Files.createDirectories(out);
      Files.delete(Files.createTempFile(out, "probe-", ""));
    } catch (IOException e) {
      throw new UsageException(
          "Cannot draw in %s: %s; use another --out".formatted(out, e.getMessage()));
    }
  }

  private void describe(
      int id, int category, String file, int index, DrawnImage drawn, int firstPart)
      throws IOException {
    write(out.resolve("images").resolve(file + ".png"), ImageEncoder.png(drawn.image()));
    write(out.resolve("segmentations").resolve(file + ".png"), ImageEncoder.png(drawn.mask()));
    imageList.append("%d %s.png%n".formatted(id, file));
    labels.append("%d %d%n".formatted(id, category + 1));
    split.append("%d %d%n".formatted(id, index % 2));
    int[] box = box(drawn.mask());
    boxes.append("%d %d.0 %d.0 %d.0 %d.0%n".formatted(id, box[0], box[1], box[2], box[3]));

    for (int p = 0; p < drawn.parts().size(); p++) {
      DrawnImage.Part part = drawn.parts().get(p);
      boolean visible = drawn.shows(part);
      partLocations.append(
          String.format(
              Locale.ROOT,
              "%d %d %.2f %.2f %d%n",
              id,
              firstPart + p + 1,
              visible ? part.x() + 1 : 0,
              visible ? part.y() + 1 : 0,
              visible ? 1 : 0));
    }
  }

  private void parts(int count, List<String> names) throws IOException {
    StringBuilder parts = new StringBuilder();

    for (int p = 0; p < names.size(); p++) {
      parts.append("%d %s%n".formatted(p + 1, names.get(p)));
    }

    write("images.txt", imageList);
    write("image_class_labels.txt", labels);
    write("classes.txt", classes);
    write("bounding_boxes.txt", boxes);
    write("train_test_split.txt", split);
    write("parts/parts.txt", parts);
    write("parts/part_locs.txt", partLocations);
  }

  private static int[] box(Mask mask) {
    int left = mask.width();
    int top = mask.height();
    int right = -1;
    int bottom = -1;

    for (int i = 0; i < mask.inside().length; i++) {
      if (mask.inside()[i]) {
        left = Math.min(left, i % mask.width());
        right = Math.max(right, i % mask.width());
        top = Math.min(top, i / mask.width());
        bottom = Math.max(bottom, i / mask.width());
      }
    }

    return new int[] {left, top, right - left + 1, bottom - top + 1};
  }

  private void write(String name, CharSequence text) throws IOException {
    write(out.resolve(name), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Path path, byte[] bytes) throws IOException {
    Files.createDirectories(path.getParent());
    Files.write(path, bytes);
  }
}
