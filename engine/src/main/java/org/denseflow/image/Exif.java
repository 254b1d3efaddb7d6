package org.denseflow.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * The orientation tag of EXIF data, which are a TIFF structure. Nothing else is read of it: general
 * readers make all values, and 64 KiB of hostile EXIF data can announce gigabytes of them.
 */
final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;
  private static final int LITTLE = 0x4949;
  private static final int BIG = 0x4d4d;
  private static final int ENTRY_BYTES = 12;

  private Exif() {}

  /** Where in a file a block lies. */
  record Block(int from, int end) {}

  /** The orientation tag of a JPEG, PNG, WebP or TIFF file, 1..8; 1 where there is none. */
  static int orientation(byte[] bytes) {
    return block(bytes)
        .filter(block -> block.end() > block.from())
        .map(block -> ByteBuffer.wrap(bytes, block.from(), block.end() - block.from()).slice())
        .map(Exif::tag)
        .orElse(1);
  }

  /** Whether some bytes stand at a place. */
  static boolean has(byte[] bytes, int at, byte[] some) {
    int end = at + some.length;
    return end <= bytes.length && Arrays.equals(bytes, at, end, some, 0, some.length);
  }

  private static Optional<Block> block(byte[] bytes) {
    if (Jpeg.isJpeg(bytes)) {
      return Jpeg.exif(bytes);
    }

    if (Png.isPng(bytes)) {
      return Png.exif(bytes);
    }

    if (WebP.isWebP(bytes)) {
      return WebP.exif(bytes);
    }

    return Optional.of(new Block(0, bytes.length));
  }

  /** Of the first directory; 1 for what is no TIFF structure. */
  private static int tag(ByteBuffer tiff) {
    if (tiff.limit() < 8) {
      return 1;
    }

    int order = tiff.getShort(0) & 0xffff;
    tiff.order(order == LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);

    if (order != LITTLE && order != BIG || directory < 8 || directory > tiff.limit() - 2) {
      return 1;
    }

    int entries =
        Math.min(tiff.getShort(directory) & 0xffff, (tiff.limit() - directory - 2) / ENTRY_BYTES);

    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + ENTRY_BYTES * i;

      if ((tiff.getShort(entry) & 0xffff) == ORIENTATION && tiff.getShort(entry + 2) == SHORT) {
        int value = tiff.getShort(entry + 8) & 0xffff;
        return value >= 1 && value <= 8 ? value : 1;
      }
    }

    return 1;
  }
}
