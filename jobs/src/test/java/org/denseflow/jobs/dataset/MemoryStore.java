package org.denseflow.jobs.dataset;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Files in memory below a root; a look at anything else is a fault of the reader under test. */
final class MemoryStore implements FileStore {
  static final String ROOT = "/root-of-the-dataset";

  private final Map<String, byte[]> files = new TreeMap<>();

  MemoryStore(Map<String, byte[]> files) {
    files.forEach((path, bytes) -> this.files.put(ROOT + "/" + path, bytes));
  }

  @Override
  public byte[] read(String uri) {
    requireInside(uri);
    byte[] bytes = files.get(uri);

    if (bytes == null) {
      throw new DatasetException("Cannot read " + uri + ": no such file");
    }
    return bytes;
  }

  @Override
  public boolean exists(String uri) {
    requireInside(uri);
    return files.containsKey(uri) || isDirectory(uri);
  }

  @Override
  public boolean isDirectory(String uri) {
    requireInside(uri);
    return files.keySet().stream().anyMatch(file -> file.startsWith(folder(uri)));
  }

  @Override
  public List<String> list(String uri) {
    requireInside(uri);
    TreeSet<String> names = new TreeSet<>();

    for (String file : files.keySet()) {
      if (file.startsWith(folder(uri))) {
        String rest = file.substring(folder(uri).length());
        names.add(rest.contains("/") ? rest.substring(0, rest.indexOf('/') + 1) : rest);
      }
    }

    if (names.isEmpty()) {
      throw new DatasetException("Cannot list " + uri + ": no such folder");
    }
    return List.copyOf(names);
  }

  static boolean isInside(String uri) {
    return (uri + "/").startsWith(ROOT + "/")
        && !List.of(uri.split("/")).contains("..")
        && uri.indexOf('\0') < 0;
  }

  private static void requireInside(String uri) {
    if (!isInside(uri)) {
      throw new AssertionError("a file outside the root was looked at: " + uri);
    }
  }

  private static String folder(String uri) {
    return uri.endsWith("/") ? uri : uri + "/";
  }
}
