package org.denseflow.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The chunks of a WebP file (RIFF), without their content. */
final class WebP {
  private static final byte[] RIFF = {'R', 'I', 'F', 'F'};
  private static final byte[] WEBP = {'W', 'E', 'B', 'P'};
  private static final byte[] EXIF = {'E', 'X', 'I', 'F'};
  private static final byte[] PREFIX = {'E', 'x', 'i', 'f', 0, 0};
  private static final int FIRST_CHUNK = 12;

  private WebP() {}

  static boolean isWebP(byte[] bytes) {
    return Exif.has(bytes, 0, RIFF) && Exif.has(bytes, 8, WEBP);
  }

  /** The TIFF structure of the EXIF chunk, which some writers prefix as in a JPEG. */
  static Optional<Exif.Block> exif(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long at = FIRST_CHUNK;

    while (at + 8 <= bytes.length) {
      long length = file.getInt((int) at + 4) & 0xffffffffL;
      long end = at + 8 + length;

      if (Exif.has(bytes, (int) at, EXIF) && end <= bytes.length) {
        int from = (int) at + 8;
        boolean prefixed = Exif.has(bytes, from, PREFIX);
        return Optional.of(new Exif.Block(prefixed ? from + PREFIX.length : from, (int) end));
      }

      at = end + length % 2;
    }

    return Optional.empty();
  }
}
