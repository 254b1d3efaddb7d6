package org.denseflow.jobs.dataset;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * The columns of pair lists, in any case: {@code source} and {@code target}, and where known the
 * rest of {@link #NAMES}. Other common names of the first four are understood; any other column is
 * refused, since a misspelt one would be left out in silence.
 */
public final class PairColumns {
  /** The names of all columns. */
  public static final List<String> NAMES =
      List.of(
          "pair_id",
          "source",
          "target",
          "category",
          "source_mask",
          "target_mask",
          "source_keypoints",
          "target_keypoints",
          "source_box",
          "target_box");

  private static final Map<String, String> SYNONYMS =
      Map.of(
          "source_image", "source",
          "target_image", "target",
          "src", "source",
          "trg", "target",
          "tgt", "target",
          "id", "pair_id",
          "class", "category");

  private PairColumns() {}

  /**
   * The names that a list has, by the names above.
   *
   * @throws DatasetException if a column is missing, unknown, or there twice
   */
  public static Map<String, String> of(String uri, Collection<String> found) {
    Map<String, String> columns = new HashMap<>();

    for (String name : found) {
      if (columns.put(known(name), name) != null) {
        throw DatasetException.malformed(uri, 1, name, "it occurs twice");
      }
    }

    for (String needed : List.of("source", "target")) {
      if (!columns.containsKey(needed)) {
        throw new DatasetException(
            "Cannot read %s: line 1 has no column %s, found %s"
                .formatted(uri, needed, new TreeSet<>(columns.keySet())));
      }
    }

    for (String name : columns.keySet()) {
      if (!NAMES.contains(name)) {
        throw new DatasetException(
            "Cannot read %s: line 1, column %s: unknown, expected one of %s"
                .formatted(uri, name, new TreeSet<>(NAMES)));
      }
    }

    return columns;
  }

  private static String known(String name) {
    String lower = name.strip().toLowerCase(Locale.ROOT);
    return SYNONYMS.getOrDefault(lower, lower);
  }

  /** What divides the cells of a CSV file: a semicolon or tab where its header has no comma. */
  public static char separator(String header) {
    return header.indexOf(',') >= 0
        ? ','
        : header.indexOf(';') >= 0 ? ';' : header.indexOf('\t') >= 0 ? '\t' : ',';
  }

  /** The id of a pair that was given none. */
  public static String id(String root, String source, String target) {
    return LayoutSource.pairId(relative(root, source), relative(root, target));
  }

  private static String relative(String root, String path) {
    return path.startsWith(root + "/") ? path.substring(root.length() + 1) : path;
  }
}
