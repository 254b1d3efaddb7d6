package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Plain folders of images: all ordered pairs inside each sub-folder, whose name is the category; a
 * folder without sub-folders is one category itself. {@code NAME_mask.png} is the mask of image
 * NAME, not an image; with {@code masks=URI} masks lie in a folder of their own, under their
 * image's path with the ending {@code .png}.
 */
final class FolderLayout implements Layout {

  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "bmp", "gif", "webp", "tif", "tiff");

  private static final String MASK_ENDING = "_mask.png";
  private static final String MASKS = "masks";

  @Override
  public Set<String> options() {
    return Set.of(MASKS);
  }

  @Override
  public List<ImagePair> read(LayoutSource source) {
    List<ImagePair> pairs = new ArrayList<>();
    folders(source).forEach((folder, category) -> addAll(pairs, source, folder, category));

    if (pairs.isEmpty()) {
      throw DatasetException.missing(
          source.at("*/*.{jpg,png,...}"), "at least two images in one sub-folder");
    }
    return pairs;
  }

  @Override
  public List<DatasetImage> images(LayoutSource source) {
    List<DatasetImage> all = new ArrayList<>();
    folders(source)
        .forEach(
            (folder, category) ->
                images(source, folder)
                    .forEach(
                        (path, annotation) ->
                            all.add(
                                new DatasetImage(
                                    path,
                                    source.at(path),
                                    category,
                                    DatasetImage.Split.NONE,
                                    annotation))));
    return all;
  }

  /** Categories by folder below the root; the root itself, "", where it has no sub-folders. */
  private static Map<String, String> folders(LayoutSource source) {
    Map<String, String> folders = new LinkedHashMap<>();

    for (String name : source.files().list(source.root())) {
      if (name.endsWith("/")) {
        folders.put(name, name.substring(0, name.length() - 1));
      }
    }

    if (folders.isEmpty()) {
      folders.put("", "");
    }
    return folders;
  }

  private static void addAll(
      List<ImagePair> pairs, LayoutSource source, String folder, String category) {
    Map<String, ImageAnnotation> images = images(source, folder);

    for (String a : images.keySet()) {
      for (String b : images.keySet()) {
        if (!a.equals(b)) {
          pairs.add(
              new ImagePair(
                  LayoutSource.pairId(a, b),
                  source.at(a),
                  source.at(b),
                  category,
                  new PairAnnotation(images.get(a), images.get(b))));
        }
      }
    }
  }

  /** Images of a folder by path relative to the root. */
  private static Map<String, ImageAnnotation> images(LayoutSource source, String folder) {
    List<String> names = source.files().list(folder.isEmpty() ? source.root() : source.at(folder));
    Set<String> masks = masks(source, folder, names);
    Map<String, ImageAnnotation> images = new TreeMap<>();

    for (String name : names) {
      String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);

      if (EXTENSIONS.contains(extension) && !name.endsWith(MASK_ENDING)) {
        String mask = mask(source, folder + name.substring(0, name.lastIndexOf('.')));
        images.put(
            folder + name,
            masks.contains(mask) ? ImageAnnotation.NONE.withMask(mask) : ImageAnnotation.NONE);
      }
    }
    return images;
  }

  /** Where the mask of an image lies, if it has one. */
  private static String mask(LayoutSource source, String image) {
    String masks = source.uri(MASKS);
    return masks == null
        ? source.at(image + MASK_ENDING)
        : FileStore.resolve(masks, image + ".png");
  }

  /** The files that may be masks. */
  private static Set<String> masks(LayoutSource source, String folder, List<String> names) {
    String masks = source.uri(MASKS);

    if (masks == null) {
      return names.stream().map(name -> source.at(folder + name)).collect(Collectors.toSet());
    }

    String own = FileStore.resolve(masks, folder);
    return source.files().isDirectory(own)
        ? source.files().list(own).stream()
            .map(name -> FileStore.resolve(own, name))
            .collect(Collectors.toSet())
        : Set.of();
  }
}
