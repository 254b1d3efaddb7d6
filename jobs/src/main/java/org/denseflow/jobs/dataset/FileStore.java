package org.denseflow.jobs.dataset;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The file system as dataset readers use it: local, s3a or any other, addressed by URI or path. A
 * file system that fails is an {@link java.io.UncheckedIOException}, no fault of the dataset.
 */
public interface FileStore {
  /** How a path begins that names its file system. */
  Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:/");

  /**
   * A user before the host, or after it what is no port; a bucket has no port at all. Azure names a
   * container before the account.
   */
  Pattern CREDENTIALS =
      Pattern.compile(
          "(?s)(?!(?i)(abfs|wasb)s?://[^/@:]+@[^/@:]+(/|$))[a-zA-Z][a-zA-Z0-9+.-]*://([^/]*@|(?!\\[[0-9a-fA-F:]+](:[0-9]+)?(/|$))[^/]*:(?![0-9]+(/|$))).*|s3[a-z]?://[^/]*:.*");

  /**
   * The whole content of a file.
   *
   * @throws DatasetException if it is missing, a folder, or unreadable
   */
  byte[] read(String uri);

  /** Whether a file or folder exists. */
  boolean exists(String uri);

  /** Whether a folder exists. */
  boolean isDirectory(String uri);

  /**
   * Names (without the folder) of a folder's entries, sorted; a sub-folder's name ends in "/".
   *
   * @throws DatasetException if the folder is missing
   */
  List<String> list(String folder);

  /** The length of a file in bytes. */
  default long size(String uri) {
    return read(uri).length;
  }

  /** {@link #read} as UTF-8 text without a byte order mark. */
  default String text(String uri) {
    String text = new String(read(uri), StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** A path below a root; the path itself when it is absolute or has a scheme. */
  static String resolve(String root, String path) {
    requireNoCredentials(path);

    if (path.startsWith("/") || hasScheme(path)) {
      return path;
    }
    return root.endsWith("/") ? root + path : root + "/" + path;
  }

  /** Local paths become absolute: executors have working folders of their own. */
  static String absolute(String uri) {
    requireNoCredentials(uri);
    return hasScheme(uri) ? uri : Path.of(uri).toAbsolutePath().normalize().toString();
  }

  /** Whether a path names its file system, as {@code s3a://bucket/key} does; else it is local. */
  static boolean hasScheme(String path) {
    return SCHEME.matcher(path).lookingAt();
  }

  /**
   * Refuses {@code s3a://KEY:SECRET@bucket/key}, before it is opened, stored or printed.
   *
   * @throws DatasetException without what it holds
   */
  static void requireNoCredentials(String path) {
    if (CREDENTIALS.matcher(path).matches()) {
      throw new DatasetException(
          "Invalid path %s://...: it holds credentials; give them as spark.hadoop.fs.s3a.access.key and secret.key, or in the environment"
              .formatted(path.substring(0, path.indexOf(':'))));
    }
  }
}
