package org.denseflow.image;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The chunks of a PNG file, without their content. */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  private static final int END = 0x49454e44;
  private static final int TRANSPARENCY = 0x74524e53;
  private static final int DEPTH = 24;
  private static final int COLOUR = 25;
  private static final int EXIF = 0x65584966;

  private Png() {}

  static boolean isPng(byte[] bytes) {
    return Exif.has(bytes, 0, SIGNATURE);
  }

  /** Whether there is an IEND chunk; what follows it does not matter. */
  static boolean isComplete(byte[] bytes) {
    return chunk(bytes, END).isPresent();
  }

  /** The TIFF structure of the eXIf chunk. */
  static Optional<Exif.Block> exif(byte[] bytes) {
    return chunk(bytes, EXIF);
  }

  /**
   * The file with its transparent level of grey spread over 0..255, as ImageIO compares it with
   * levels of 1, 2 and 4 bits; the file itself where it has none.
   */
  static byte[] withSpreadTransparency(byte[] bytes) {
    int depth = bytes.length > COLOUR ? bytes[DEPTH] : 8;
    Optional<Exif.Block> level = chunk(bytes, TRANSPARENCY);

    if (!isPng(bytes)
        || depth < 1
        || depth >= 8
        || bytes[COLOUR] != 0
        || level.isEmpty()
        || level.get().end() - level.get().from() != 2) {
      return bytes;
    }

    byte[] spread = bytes.clone();
    int low = level.get().from() + 1;
    spread[low] = (byte) ((bytes[low] & 0xff) * 255 / ((1 << depth) - 1));
    return spread;
  }

  private static Optional<Exif.Block> chunk(byte[] bytes, int type) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    long at = SIGNATURE.length;

    while (at + 12 <= bytes.length) {
      long end = at + 8 + (file.getInt((int) at) & 0xffffffffL);

      if (file.getInt((int) at + 4) == type && end <= bytes.length) {
        return Optional.of(new Exif.Block((int) at + 8, (int) end));
      }

      at = end + 4;
    }

    return Optional.empty();
  }
}
