package org.denseflow.jobs.dataset;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Where a layout reads from: the root folder or list, the options after it, and the files. */
record LayoutSource(String root, Map<String, String> options, FileStore files) {

  /** A path below the root. */
  String at(String path) {
    return FileStore.resolve(root, path);
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
    String uri = at(path);

    if (!files.exists(uri)) {
      throw DatasetException.missing(uri, expected);
    }
    return uri;
  }

  /** A CSV list: the root itself if it is a file, else the one of this name in the root. */
  PairList list(String defaultName, String expected) {
    if (root.endsWith(".csv")) {
      int slash = root.lastIndexOf('/');
      LayoutSource folder =
          new LayoutSource(slash < 0 ? "." : root.substring(0, Math.max(slash, 1)), options, files);
      return new PairList(folder, folder.csv(root.substring(slash + 1), expected));
    }
    return new PairList(this, csv(options.getOrDefault("list", defaultName), expected));
  }

  /** A list and the folder that its paths are relative to. */
  record PairList(LayoutSource folder, CsvTable table) {}

  private CsvTable csv(String path, String expected) {
    return CsvTable.parse(at(path), text(path, expected));
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
