package org.denseflow.jobs.synthesis;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.denseflow.jobs.dataset.DatasetException;
import org.denseflow.jobs.dataset.FileStore;
import org.denseflow.jobs.dataset.ImageFiles;
import org.denseflow.jobs.dataset.LeftOutFiles;

/** The images of a folder or a list: all image files below a folder, or the lines of a list. */
public final class ImageList {
  private ImageList() {}

  /**
   * An image.
   *
   * @param id its path below the folder, or its line of the list: what its pairs depend on
   * @param uri where it lies
   * @param mask where its mask lies, null without
   */
  public record Entry(String id, String uri, String mask) implements Serializable {

    /** The files that it needs. */
    List<String> files() {
      return mask == null ? List.of(uri) : List.of(uri, mask);
    }
  }

  /**
   * Lists images, sorted by id.
   *
   * @param images a folder, or a {@code .txt} file with one path per line, relative to the file
   * @param masks a folder with {@code <id without extension>.png}; null without masks
   * @param notes told what is left out of a folder: {@code NAME_mask.png} too
   * @throws DatasetException if there is no image
   */
  public static List<Entry> list(
      String images, String masks, FileStore files, Consumer<String> notes) {
    List<String> ids = new ArrayList<>();
    boolean isList = images.endsWith(".txt");
    String root = isList ? parent(images) : images;

    if (isList) {
      files.text(images).lines().map(String::strip).filter(l -> !l.isEmpty()).forEach(ids::add);
    } else {
      LeftOutFiles leftOut = new LeftOutFiles();
      walk(images, "", files, name -> addImage(ids, name, leftOut));
      leftOut.tell(notes);
    }

    if (ids.isEmpty()) {
      throw new DatasetException(
          "Cannot find an image in %s: expected files ending in %s"
              .formatted(images, ImageFiles.endings().stream().sorted().toList()));
    }

    if (masks != null && !files.isDirectory(masks)) {
      throw new DatasetException("Cannot read masks: no such folder: " + masks);
    }

    Map<String, String> drawn = masks == null ? Map.of() : masks(masks, files);
    return ids.stream()
        .distinct()
        .sorted()
        .map(
            id ->
                new Entry(
                    id, FileStore.resolve(root, id), masks == null ? null : mask(masks, id, drawn)))
        .toList();
  }

  private static void walk(String folder, String prefix, FileStore files, Consumer<String> found) {
    for (String name : files.list(folder)) {
      if (!name.endsWith("/")) {
        found.accept(prefix + name);
      } else if (!ImageFiles.isSystem(name)) {
        walk(FileStore.resolve(folder, name), prefix + name, files, found);
      }
    }
  }

  private static void addImage(List<String> ids, String path, LeftOutFiles leftOut) {
    ImageFiles.Kind kind = ImageFiles.kind(path.substring(path.lastIndexOf('/') + 1));

    switch (kind) {
      case IMAGE -> ids.add(path);
      case MASK -> leftOut.add("a mask by its name", path);
      case TO_CONVERT, SYSTEM, OTHER -> leftOut.add(kind, path);
    }
  }

  /** Paths of PNG files below a folder by their stems. */
  private static Map<String, String> masks(String folder, FileStore files) {
    Map<String, String> masks = new HashMap<>();
    walk(
        folder,
        "",
        files,
        path -> {
          if (path.toLowerCase(Locale.ROOT).endsWith(".png")) {
            masks.putIfAbsent(ImageFiles.stem(path), path);
          }
        });
    return masks;
  }

  private static String mask(String folder, String id, Map<String, String> drawn) {
    String stem = ImageFiles.stem(id);
    return FileStore.resolve(folder, drawn.getOrDefault(stem, stem + ".png"));
  }

  private static String parent(String uri) {
    int slash = uri.lastIndexOf('/');
    return slash < 0 ? "." : uri.substring(0, slash);
  }
}
