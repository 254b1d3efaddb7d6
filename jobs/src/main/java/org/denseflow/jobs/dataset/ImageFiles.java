package org.denseflow.jobs.dataset;

import java.util.Locale;
import java.util.Set;

/** Tells what a file in a folder of images is by its name. */
public final class ImageFiles {
  private static final Set<String> IMAGES =
      Set.of("jpg", "jpeg", "png", "bmp", "gif", "tif", "tiff", "webp");
  private static final Set<String> TO_CONVERT = Set.of("heic", "heif", "avif");
  private static final Set<String> SYSTEM = Set.of("thumbs.db", "desktop.ini", "__macosx");
  private static final String MASK = "_mask";

  private ImageFiles() {}

  /** Kinds of files. */
  public enum Kind {
    /** An image. */
    IMAGE,
    /** The mask of the image of the same name without {@code _mask}. */
    MASK,
    /** An image that has to be converted first. */
    TO_CONVERT,
    /** What an operating system leaves behind, and hidden files. */
    SYSTEM,
    /** Anything else. */
    OTHER
  }

  /** The kind of a file, or of a folder, whose name ends in "/". */
  public static Kind kind(String name) {
    if (isSystem(name)) {
      return Kind.SYSTEM;
    }
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);

    if (IMAGES.contains(ending)) {
      return stem(name).toLowerCase(Locale.ROOT).endsWith(MASK) ? Kind.MASK : Kind.IMAGE;
    }
    return TO_CONVERT.contains(ending) ? Kind.TO_CONVERT : Kind.OTHER;
  }

  /**
   * Whether an operating system made it, as {@code ._a.jpg} and {@code Thumbs.db}, or it is hidden.
   */
  public static boolean isSystem(String name) {
    String bare = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    return bare.startsWith(".") || SYSTEM.contains(bare.toLowerCase(Locale.ROOT));
  }

  /** A name or path without its ending. */
  public static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') ? name.substring(0, dot) : name;
  }

  /** The {@link #stem} of the image that a mask belongs to. */
  static String ofMask(String mask) {
    String stem = stem(mask);
    return stem.substring(0, stem.length() - MASK.length());
  }

  /** Endings of images that can be read. */
  public static Set<String> endings() {
    return IMAGES;
  }
}
