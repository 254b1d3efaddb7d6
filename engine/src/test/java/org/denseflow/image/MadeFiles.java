package org.denseflow.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Image files put together byte by byte, so that nothing converts a pixel before it is read. */
final class MadeFiles {
  static final int GREY = 0;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int GREY_ALPHA = 4;
  static final int RGB_ALPHA = 6;

  private MadeFiles() {}

  /** A chunk of a PNG. */
  record Chunk(String type, byte[] data) {}

  /**
   * A PNG file.
   *
   * @param samples packed rows, one after the other
   * @param chunks between the header and the pixels
   */
  static byte[] png(int width, int height, int depth, int colour, byte[] samples, Chunk... chunks) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put((byte) depth)
            .put((byte) colour)
            .array();
    write(file, new Chunk("IHDR", header));

    for (Chunk chunk : chunks) {
      write(file, chunk);
    }

    write(file, new Chunk("IDAT", deflated(samples, height)));
    write(file, new Chunk("IEND", new byte[0]));
    return file.toByteArray();
  }

  /** A little-endian TIFF file of one uncompressed strip; fields are tag, value, tag, value. */
  static byte[] tiff(int width, int height, byte[] samples, int... fields) {
    int entries = 6 + fields.length / 2;
    int data = 8 + 2 + 12 * entries + 4;
    ByteBuffer file = ByteBuffer.allocate(data + samples.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putShort((short) 0x4949).putShort((short) 42).putInt(8).putShort((short) entries);
    int[] all = {256, width, 257, height, 259, 1, 273, data, 278, height, 279, samples.length};
    java.util.TreeMap<Integer, Integer> sorted = new java.util.TreeMap<>();

    for (int[] some : new int[][] {all, fields}) {
      for (int i = 0; i < some.length; i += 2) {
        sorted.put(some[i], some[i + 1]);
      }
    }

    sorted.forEach(
        (tag, value) -> {
          boolean twice = tag == 258 && value > 255;
          file.putShort(tag.shortValue()).putShort((short) 3).putInt(twice ? 2 : 1).putInt(value);
        });
    return file.putInt(0).put(samples).array();
  }

  /** EXIF data with one entry. */
  static byte[] exif(int orientation) {
    return ByteBuffer.allocate(26)
        .putInt(0x4d4d002a)
        .putInt(8)
        .putShort((short) 1)
        .putInt(0x01120003)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }

  /** A segment of a JPEG, put behind the start of a file's image. */
  static byte[] withSegment(byte[] jpeg, int code, byte[]... content) {
    int length = 2;

    for (byte[] part : content) {
      length += part.length;
    }

    ByteBuffer file = ByteBuffer.allocate(jpeg.length + 2 + length);
    file.put(jpeg, 0, 2).put((byte) 0xff).put((byte) code).putShort((short) length);

    for (byte[] part : content) {
      file.put(part);
    }

    return file.put(jpeg, 2, jpeg.length - 2).array();
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];

    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }

    return bytes;
  }

  private static byte[] deflated(byte[] samples, int height) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    int stride = samples.length / height;

    try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
      for (int y = 0; y < height; y++) {
        deflater.write(0);
        deflater.write(samples, y * stride, stride);
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }

    return packed.toByteArray();
  }

  private static void write(ByteArrayOutputStream file, Chunk chunk) {
    byte[] type = chunk.type().getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(type);
    sum.update(chunk.data());
    file.writeBytes(ByteBuffer.allocate(4).putInt(chunk.data().length).array());
    file.writeBytes(type);
    file.writeBytes(chunk.data());
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }
}
