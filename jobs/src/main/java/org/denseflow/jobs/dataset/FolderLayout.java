package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.denseflow.image.Orientation;

/**
 * Plain folders of images: all ordered pairs inside each sub-folder, whose name is the category; a
 * folder without sub-folders is one category itself. {@code NAME_mask.png} is the mask of image
 * NAME, not an image; with {@code masks=URI} masks lie in a folder of their own, under their
 * image's path with the ending {@code .png}. What an operating system leaves behind is passed over;
 * the notes name all else that is left out.
 */
final class FolderLayout implements Layout {

  private static final String MASKS = "masks";

  @Override
  public Set<String> options() {
    return Set.of(MASKS);
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
    List<ImagePair> pairs = new ArrayList<>();
    LeftOutFiles leftOut = new LeftOutFiles();

    for (Category category : categories(source, leftOut)) {
      if (category.images().size() == 1) {
        leftOut.add(
            "the only image of its sub-folder", category.images().keySet().iterator().next());
      }
      addAll(pairs, source, category);
    }
    leftOut.tell(source.notes());

    if (pairs.isEmpty()) {
      throw DatasetException.missing(
          source.at("*/*.{jpg,png,...}"), "at least two images in one sub-folder");
    }
    return pairs;
  }

  @Override
  public List<DatasetImage> images(LayoutSource source) {
    List<DatasetImage> all = new ArrayList<>();
    LeftOutFiles leftOut = new LeftOutFiles();

    for (Category category : categories(source, leftOut)) {
      category
          .images()
          .forEach(
              (path, annotation) ->
                  all.add(
                      new DatasetImage(
                          path,
                          source.at(path),
                          category.name(),
                          DatasetImage.Split.NONE,
                          annotation)));
    }
    leftOut.tell(source.notes());
    return all;
  }

  /** A category's name and its images by path relative to the root. */
  private record Category(String name, Map<String, ImageAnnotation> images) {}

  private static List<Category> categories(LayoutSource source, LeftOutFiles leftOut) {
    String masks = source.uri(MASKS);

    if (masks != null && !source.files().isDirectory(masks)) {
      throw DatasetException.missing(masks, "a folder of masks");
    }
    List<String> names = source.files().list(source.root());
    List<String> folders =
        names.stream().filter(n -> n.endsWith("/") && !ImageFiles.isSystem(n)).toList();

    if (folders.isEmpty()) {
      return List.of(new Category("", images(source, "", names, leftOut)));
    }
    names.stream().filter(name -> !name.endsWith("/")).forEach(name -> leaveInRoot(leftOut, name));
    return folders.stream()
        .map(
            folder ->
                new Category(
                    folder.substring(0, folder.length() - 1),
                    images(source, folder, source.files().list(source.at(folder)), leftOut)))
        .toList();
  }

  private static void leaveInRoot(LeftOutFiles leftOut, String name) {
    switch (ImageFiles.kind(name)) {
      case IMAGE, MASK -> leftOut.add("outside the sub-folders, which are the categories", name);
      case TO_CONVERT, SYSTEM, OTHER -> leftOut.add(ImageFiles.kind(name), name);
    }
  }

  private static void addAll(List<ImagePair> pairs, LayoutSource source, Category category) {
    Map<String, ImageAnnotation> images = category.images();

    for (String a : images.keySet()) {
      for (String b : images.keySet()) {
        if (!a.equals(b)) {
          pairs.add(
              new ImagePair(
                  LayoutSource.pairId(a, b),
                  source.at(a),
                  source.at(b),
                  category.name(),
                  new PairAnnotation(images.get(a), images.get(b))));
        }
      }
    }
  }

  /** Images of a folder by path relative to the root. */
  private static Map<String, ImageAnnotation> images(
      LayoutSource source, String folder, List<String> names, LeftOutFiles leftOut) {
    Map<String, String> masks = masks(source, folder, names);
    Map<String, ImageAnnotation> images = new TreeMap<>();
    List<String> beside = new ArrayList<>();

    for (String name : names) {
      if (name.endsWith("/")) {
        leaveFolder(leftOut, folder + name);
        continue;
      }
      switch (ImageFiles.kind(name)) {
        case IMAGE -> {
          String mask = masks.get(ImageFiles.stem(name));
          images.put(
              folder + name,
              mask == null ? ImageAnnotation.NONE : ImageAnnotation.NONE.withMask(mask));
        }
        case MASK -> beside.add(name);
        case TO_CONVERT, SYSTEM, OTHER -> leftOut.add(ImageFiles.kind(name), folder + name);
      }
    }
    leaveUnused(source, folder, beside, images, leftOut);
    return images;
  }

  private static void leaveFolder(LeftOutFiles leftOut, String path) {
    String name = LayoutSource.folderName(path);

    if (!ImageFiles.isSystem(name)) {
      leftOut.add("a folder inside a sub-folder", path);
    }
  }

  /** Masks beside images that use none of them. */
  private static void leaveUnused(
      LayoutSource source,
      String folder,
      List<String> masks,
      Map<String, ImageAnnotation> images,
      LeftOutFiles leftOut) {
    Set<String> used = new HashSet<>();
    images.values().forEach(image -> image.maskUri().ifPresent(used::add));
    masks.stream()
        .filter(mask -> !used.contains(source.at(folder + mask)))
        .forEach(mask -> leftOut.add(ImageFiles.Kind.MASK, folder + mask));
  }

  /** Masks of a folder by the stem of their image's name. */
  private static Map<String, String> masks(LayoutSource source, String folder, List<String> names) {
    String masks = source.uri(MASKS);
    Map<String, String> found = new HashMap<>();

    if (masks == null) {
      names.stream()
          .filter(name -> ImageFiles.kind(name) == ImageFiles.Kind.MASK)
          .forEach(name -> found.putIfAbsent(ImageFiles.ofMask(name), source.at(folder + name)));
      return found;
    }

    String own = FileStore.resolve(masks, folder);

    if (source.files().isDirectory(own)) {
      source.files().list(own).stream()
          .filter(name -> ImageFiles.kind(name) == ImageFiles.Kind.IMAGE)
          .forEach(name -> found.putIfAbsent(ImageFiles.stem(name), FileStore.resolve(own, name)));
    }
    return found;
  }
}
