package org.denseflow.flow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Middlebury .flo: float 202021.25, int32 width, int32 height, then {@code [height, width, 2]}
 * floats (u, v), all little-endian; unknown is written as 1e10.
 */
public final class FloFile {
  private static final float MAGIC = 202021.25f;
  private static final int HEADER = 12;
  private static final int MAX_SIDE = 99_999;

  private FloFile() {}

  /**
   * Parses a .flo file.
   *
   * @throws FlowFormatException if magic, size or length are wrong
   */
  public static PixelFlow read(byte[] bytes) throws FlowFormatException {
    if (bytes.length < HEADER) {
      throw new FlowFormatException(
          "Cannot read .flo: %d bytes, the header alone has 12".formatted(bytes.length));
    }

    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float magic = buffer.getFloat();

    if (magic != MAGIC) {
      throw new FlowFormatException("Cannot read .flo: magic is " + magic + ", expected 202021.25");
    }

    int width = buffer.getInt();
    int height = buffer.getInt();

    if (width <= 0 || height <= 0 || width > MAX_SIDE || height > MAX_SIDE) {
      throw new FlowFormatException("Cannot read .flo: invalid size " + width + "x" + height);
    }

    long expected = HEADER + 8L * width * height;

    if (bytes.length != expected) {
      throw new FlowFormatException(
          "Cannot read .flo: %d bytes, a %dx%d flow has %d"
              .formatted(bytes.length, width, height, expected));
    }

    float[] uv = new float[2 * width * height];
    buffer.asFloatBuffer().get(uv);
    return new PixelFlow(width, height, uv);
  }

  /** Renders a .flo file. */
  public static byte[] write(PixelFlow flow) {
    ByteBuffer buffer =
        ByteBuffer.allocate(HEADER + 4 * flow.uv().length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putFloat(MAGIC).putInt(flow.width()).putInt(flow.height());
    buffer.asFloatBuffer().put(flow.uv());
    return buffer.array();
  }
}
