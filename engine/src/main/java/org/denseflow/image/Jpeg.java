package org.denseflow.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The two facts about a JPEG file that ImageIO hides: whether it is complete, and its orientation.
 */
final class Jpeg {

  private Jpeg() {}

  /** Whether an end-of-image marker (FF D9) stands within the file's last 64 KiB. */
  static boolean endsWithEndOfImage(byte[] bytes) {
    for (int i = bytes.length - 2; i >= Math.max(0, bytes.length - (64 << 10)); i--) {
      if ((bytes[i] & 0xff) == 0xff && (bytes[i + 1] & 0xff) == 0xd9) {
        return true;
      }
    }

    return false;
  }

  /** The EXIF orientation tag (0x0112) of the first APP1 segment, 1 where there is none. */
  static int orientation(byte[] bytes) {
    int at = 2;

    while (at + 4 <= bytes.length && (bytes[at] & 0xff) == 0xff) {
      int marker = bytes[at + 1] & 0xff;
      int length = (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;

      if (marker == 0xda || length < 2) {
        return 1;
      }

      if (marker == 0xe1 && length >= 16 && at + 2 + length <= bytes.length) {
        return orientation(ByteBuffer.wrap(bytes, at + 4, length - 2).slice());
      }

      at += 2 + length;
    }

    return 1;
  }

  private static int orientation(ByteBuffer segment) {
    if (segment.getInt(0) != 0x45786966) {
      return 1;
    }

    segment.position(6);
    ByteBuffer tiff = segment.slice();
    tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);

    if (directory < 8 || directory + 2 > tiff.limit()) {
      return 1;
    }

    int entries = tiff.getShort(directory) & 0xffff;

    for (int i = 0; i < entries && directory + 2 + 12 * (i + 1) <= tiff.limit(); i++) {
      int entry = directory + 2 + 12 * i;

      if ((tiff.getShort(entry) & 0xffff) == 0x0112) {
        int value = tiff.getShort(entry + 8) & 0xffff;
        return value >= 1 && value <= 8 ? value : 1;
      }
    }

    return 1;
  }
}
