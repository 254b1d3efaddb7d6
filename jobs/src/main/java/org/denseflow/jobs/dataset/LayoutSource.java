package org.denseflow.jobs.dataset;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The source that a layout reads: the root folder or list, the options after it, the files, and the
 * consumer of notes on what is left out.
 */
record LayoutSource(
    String root, Map<String, String> options, FileStore files, Consumer<String> notes) {

  /**
   * A path below the root.
   *
   * @throws DatasetException if it leads anywhere else, by itself or by {@code ..}
   */
  String at(String path) {
    String uri = FileStore.resolve(root, path);
    boolean leaves = Arrays.asList(path.split("/")).contains("..") || path.indexOf('\0') >= 0;

    if (leaves || uri.equals(path)) {
      throw new DatasetException(
          "Invalid path in the dataset %s: '%s' is not below it; files elsewhere need a pairs or images list"
              .formatted(root, path));
    }
    return uri;
  }

  /** The option's value, one of those allowed; the first one when it is not given. */
  String option(String key, String... allowed) {
    String value = options.getOrDefault(key, allowed[0]);

    if (!Arrays.asList(allowed).contains(value)) {
      throw new DatasetException(
          "Invalid dataset option: %s=%s, expected one of %s"
              .formatted(key, value, String.join(", ", allowed)));
    }
    return value;
  }

  /** The option's value as a URI, local paths absolute as the root is; null if it is not given. */
  String uri(String key) {
    String value = options.get(key);
    return value == null ? null : FileStore.absolute(value);
  }

  /** The text of a file below the root that the layout cannot do without. */
  String text(String path, String expected) {
    return files.text(require(path, expected));
  }

  /** The URI of a file below the root, which must exist. */
  String require(String path, String expected) {
    return existing(at(path), expected);
  }

  /**
   * A CSV list: the root itself if it is a file, else the one that the option {@code list} names,
   * wherever it lies, or the one of this name in the root.
   */
  PairList list(String defaultName, String expected) {
    if (root.endsWith(".csv")) {
      int slash = root.lastIndexOf('/');
      LayoutSource folder =
          new LayoutSource(
              slash < 0 ? "." : root.substring(0, Math.max(slash, 1)), options, files, notes);
      return new PairList(folder, csv(root, expected));
    }
    String list = options.getOrDefault("list", defaultName);
    return new PairList(this, csv(FileStore.resolve(root, list), expected));
  }

  /** A list and the folder that its paths are relative to. */
  record PairList(LayoutSource folder, CsvTable table) {}

  private CsvTable csv(String uri, String expected) {
    return CsvTable.parse(uri, files.text(existing(uri, expected)));
  }

  private String existing(String uri, String expected) {
    if (!files.exists(uri)) {
      throw DatasetException.missing(uri, expected);
    }
    return uri;
  }

  static String pairId(String source, String target) {
    return source + "--" + target;
  }

  /** The name of the folder that a path's file lies in; "" if it has none. */
  static String folderName(String path) {
    List<String> parts = Arrays.asList(path.split("/"));
    return parts.size() < 2 ? "" : parts.get(parts.size() - 2);
  }
}
