package org.denseflow.image;

import java.util.Optional;

/**
 * Reads from a JPEG file what ImageIO does not report: whether it is complete, and where its EXIF
 * data lie. The markers of the main image are followed (ITU-T T.81, Annex B), so that neither a
 * thumbnail's end nor what follows the image, such as a video, is taken for its end.
 */
final class Jpeg {
  private static final int START_OF_IMAGE = 0xd8;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int START_OF_SCAN = 0xda;
  private static final int APP1 = 0xe1;
  private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};

  private Jpeg() {}

  static boolean isJpeg(byte[] bytes) {
    return bytes.length > 1 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == START_OF_IMAGE;
  }

  /** Whether the main image has scans and the end-of-image marker that closes them. */
  static boolean isComplete(byte[] bytes) {
    boolean scanned = false;
    int at = marker(bytes, 2);

    while (at < bytes.length) {
      int code = bytes[at] & 0xff;

      if (code == END_OF_IMAGE) {
        return scanned;
      }

      if (!hasLength(code) || at + 2 >= bytes.length) {
        return false;
      }

      scanned |= code == START_OF_SCAN;
      at = code == START_OF_SCAN ? afterScan(bytes, end(bytes, at)) : marker(bytes, end(bytes, at));
    }

    return false;
  }

  /** The TIFF structure of the first EXIF segment. */
  static Optional<Exif.Block> exif(byte[] bytes) {
    int at = marker(bytes, 2);

    while (at + 2 < bytes.length && hasLength(bytes[at] & 0xff)) {
      int code = bytes[at] & 0xff;
      int from = at + 3;
      int end = end(bytes, at);

      if (code == START_OF_SCAN || end > bytes.length) {
        return Optional.empty();
      }

      if (code == APP1 && Exif.has(bytes, from, EXIF)) {
        return Optional.of(new Exif.Block(from + EXIF.length, end));
      }

      at = marker(bytes, end);
    }

    return Optional.empty();
  }

  /** Frames, tables, scans, restart intervals, application data and comments. */
  private static boolean hasLength(int code) {
    return code >= 0xc0 && code != START_OF_IMAGE && (code < 0xd0 || code > 0xd9);
  }

  /** Where the segment ends whose code stands here. */
  private static int end(byte[] bytes, int at) {
    int length = (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
    return at + 1 + Math.max(2, length);
  }

  /** Where the next marker's code stands: after FF, and any number of FF to fill up. */
  private static int marker(byte[] bytes, int from) {
    int at = from;

    while (at < bytes.length && (bytes[at] & 0xff) != 0xff) {
      at++;
    }

    while (at < bytes.length && (bytes[at] & 0xff) == 0xff) {
      at++;
    }

    return at;
  }

  /** Where the code of the marker stands that ends a scan: neither FF 00, data, nor a restart. */
  private static int afterScan(byte[] bytes, int from) {
    int at = marker(bytes, from);

    while (at < bytes.length
        && (bytes[at] == 0 || (bytes[at] & 0xff) >= 0xd0 && (bytes[at] & 0xff) <= 0xd7)) {
      at = marker(bytes, at + 1);
    }

    return at;
  }
}
