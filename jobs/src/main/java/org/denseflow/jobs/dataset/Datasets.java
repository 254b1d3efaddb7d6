package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Opens datasets by layout. The address is {@code LAYOUT:URI}, with options after a question mark:
 * {@code spair:s3a://data/SPair-71k?split=val&size=small}. Every layout takes {@code
 * directions=both}, which adds the reverse of each pair that has none yet, for protocols that run
 * from the target to the source.
 */
public final class Datasets {

  private static final String DIRECTIONS = "directions";

  private static final Map<String, Layout> LAYOUTS = layouts();

  private Datasets() {}

  /** The names of the layouts. */
  public static List<String> layoutNames() {
    return List.copyOf(LAYOUTS.keySet());
  }

  /**
   * Checks and reads a dataset.
   *
   * @throws DatasetException naming what is wrong: an unknown layout or option, the missing file,
   *     or the malformed file's line and column
   */
  public static Dataset open(String address, FileStore files) {
    Address parsed = Address.parse(address, files);
    boolean both = parsed.source().option(DIRECTIONS, "one", "both").equals("both");
    List<ImagePair> pairs = parsed.layout().read(parsed.existing());
    return new Dataset(parsed.name(), parsed.source().root(), both ? withReverse(pairs) : pairs);
  }

  /**
   * Checks a dataset and reads its images by themselves.
   *
   * @throws DatasetException as {@link #open}, and for a layout that has pairs only
   */
  public static List<DatasetImage> images(String address, FileStore files) {
    Address parsed = Address.parse(address, files);
    List<DatasetImage> images = parsed.layout().images(parsed.existing());

    if (images.isEmpty()) {
      throw new DatasetException("Cannot use %s: it has no images".formatted(address));
    }
    return images;
  }

  /** A dataset's address, taken apart. */
  private record Address(String name, Layout layout, LayoutSource source) {

    static Address parse(String address, FileStore files) {
      int colon = address.indexOf(':');

      if (colon < 1 || colon == address.length() - 1) {
        throw new DatasetException(
            "Invalid dataset: %s, expected LAYOUT:URI with a layout of %s"
                .formatted(address, layoutNames()));
      }
      String name = address.substring(0, colon);
      Layout layout = LAYOUTS.get(name);

      if (layout == null) {
        throw new DatasetException(
            "Invalid dataset layout: %s, expected one of %s".formatted(name, layoutNames()));
      }
      String rest = address.substring(colon + 1);
      int question = rest.indexOf('?');
      String root =
          FileStore.absolute(stripSlash(question < 0 ? rest : rest.substring(0, question)));
      Map<String, String> options =
          question < 0 ? Map.of() : options(name, layout, rest.substring(question + 1));
      return new Address(name, layout, new LayoutSource(root, options, files));
    }

    LayoutSource existing() {
      if (!source.files().exists(source.root())) {
        throw DatasetException.missing(source.root(), "the root of a " + name + " dataset");
      }
      return source;
    }
  }

  /**
   * A pair list that was read elsewhere, such as a Parquet table: rows by lower-case column name,
   * with the columns of the {@code pairs} layout; null or absent for an empty cell.
   *
   * @param root what relative paths are relative to
   */
  public static Dataset ofRows(String root, List<Map<String, String>> rows) {
    return new Dataset("pairs", root, PairListLayout.pairs(stripSlash(root), rows));
  }

  private static List<ImagePair> withReverse(List<ImagePair> pairs) {
    Set<List<String>> present = new HashSet<>();
    pairs.forEach(pair -> present.add(List.of(pair.source(), pair.target())));
    List<ImagePair> all = new ArrayList<>();

    for (ImagePair pair : pairs) {
      all.add(pair);

      if (present.add(List.of(pair.target(), pair.source()))) {
        all.add(pair.reversed(pair.pairId() + "/reverse"));
      }
    }
    return all;
  }

  private static Map<String, String> options(String name, Layout layout, String query) {
    Map<String, String> options = new LinkedHashMap<>();

    for (String part : query.split("&")) {
      String[] pair = part.split("=", 2);
      boolean known = layout.options().contains(pair[0]) || pair[0].equals(DIRECTIONS);

      if (pair.length < 2 || !known) {
        throw new DatasetException(
            "Invalid option of dataset layout %s: %s, expected key=value with a key of %s"
                .formatted(name, part, knownOptions(layout)));
      }
      options.put(pair[0], pair[1]);
    }
    return options;
  }

  private static List<String> knownOptions(Layout layout) {
    List<String> known = new ArrayList<>(layout.options());
    known.add(DIRECTIONS);
    return known.stream().sorted().toList();
  }

  private static String stripSlash(String uri) {
    return uri.length() > 1 && uri.endsWith("/")
        ? stripSlash(uri.substring(0, uri.length() - 1))
        : uri;
  }

  private static Map<String, Layout> layouts() {
    Map<String, Layout> layouts = new LinkedHashMap<>();
    layouts.put("pf-willow", new PfWillowLayout());
    layouts.put("pf-pascal", new PfPascalLayout());
    layouts.put("spair", new SpairLayout());
    layouts.put("tss", new TssLayout());
    layouts.put("caltech101", new Caltech101Layout());
    layouts.put("pascal-parts", new PascalPartsLayout());
    layouts.put("cub", new CubLayout());
    layouts.put("pairs", new PairListLayout());
    layouts.put("folder", new FolderLayout());
    layouts.put("images", new ImageListLayout());
    return layouts;
  }
}
