package org.denseflow.jobs.synthesis;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.denseflow.jobs.dataset.DatasetException;
import org.denseflow.jobs.dataset.FileStore;

/** The images of a folder or a list: all image files below a folder, or the lines of a list. */
public final class ImageList {
  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "bmp", "gif", "tif", "tiff", "webp");

  private ImageList() {}

  /**
   * An image.
   *
   * @param id its path below the folder, or its line of the list: what its pairs depend on
   * @param uri where it lies
   * @param mask where its mask lies, null without
   */
  public record Entry(String id, String uri, String mask) implements Serializable {}

  /**
   * Lists images, sorted by id.
   *
   * @param images a folder, or a {@code .txt} file with one path per line, relative to the file
   * @param masks a folder with {@code <id without extension>.png}; null without masks
   * @throws DatasetException if there is no image
   */
  public static List<Entry> list(String images, String masks, FileStore files) {
    List<String> ids = new ArrayList<>();
    boolean isList = images.endsWith(".txt");
    String root = isList ? parent(images) : images;

    if (isList) {
      files.text(images).lines().map(String::strip).filter(l -> !l.isEmpty()).forEach(ids::add);
    } else {
      walk(images, "", files, ids);
    }

    if (ids.isEmpty()) {
      throw new DatasetException(
          "Cannot find an image in %s: expected files ending in %s"
              .formatted(images, EXTENSIONS.stream().sorted().toList()));
    }

    if (masks != null && !files.isDirectory(masks)) {
      throw new DatasetException("Cannot read masks: no such folder: " + masks);
    }

    return ids.stream()
        .distinct()
        .sorted()
        .map(
            id ->
                new Entry(
                    id,
                    FileStore.resolve(root, id),
                    masks == null ? null : FileStore.resolve(masks, png(id))))
        .toList();
  }

  private static void walk(String folder, String prefix, FileStore files, List<String> ids) {
    for (String name : files.list(folder)) {
      if (name.endsWith("/")) {
        walk(FileStore.resolve(folder, name), prefix + name, files, ids);
      } else if (EXTENSIONS.contains(
          name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))) {
        ids.add(prefix + name);
      }
    }
  }

  private static String png(String id) {
    int dot = id.lastIndexOf('.');
    return (dot > id.lastIndexOf('/') ? id.substring(0, dot) : id) + ".png";
  }

  private static String parent(String uri) {
    int slash = uri.lastIndexOf('/');
    return slash < 0 ? "." : uri.substring(0, slash);
  }
}
