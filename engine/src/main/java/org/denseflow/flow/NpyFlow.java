package org.denseflow.flow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A flow as NumPy array {@code (height, width, 2)} of '<f4', .npy version 1, C order. */
public final class NpyFlow {
  private static final int HEADER = 128;
  private static final int MAX_SIDE = 99_999;
  private static final Pattern FIELDS =
      Pattern.compile(
          "\\{'descr': '<f4', 'fortran_order': False, 'shape': \\((\\d{1,5}), (\\d{1,5}), 2\\),? ?\\}\\s*");

  private NpyFlow() {}

  /** Renders the array, unknown pixels as 1e10. */
  public static byte[] write(PixelFlow flow) {
    String fields =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d, 2), }"
            .formatted(flow.height(), flow.width());
    String padded = fields + " ".repeat(HEADER - 11 - fields.length()) + "\n";
    ByteBuffer buffer =
        ByteBuffer.allocate(HEADER + 4 * flow.uv().length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    buffer.put((byte) 1).put((byte) 0).putShort((short) (HEADER - 10));
    buffer.put(padded.getBytes(StandardCharsets.US_ASCII));
    buffer.asFloatBuffer().put(flow.uv());
    return buffer.array();
  }

  /**
   * Parses such an array.
   *
   * @throws FlowFormatException if it is another array, or not .npy at all
   */
  public static PixelFlow read(byte[] bytes) throws FlowFormatException {
    if (bytes.length < 10 || (bytes[0] & 0xff) != 0x93 || bytes[1] != 'N' || bytes[6] != 1) {
      throw new FlowFormatException("Cannot read .npy flow: not a .npy file of version 1");
    }

    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int start = 10 + (buffer.getShort(8) & 0xffff);

    if (start > bytes.length) {
      throw new FlowFormatException("Cannot read .npy flow: the header is cut off");
    }

    String header = new String(bytes, 10, start - 10, StandardCharsets.US_ASCII);
    Matcher fields = FIELDS.matcher(header);

    if (!fields.matches()) {
      throw new FlowFormatException(
          "Cannot read .npy flow: expected a C-ordered (height, width, 2) array of '<f4', found "
              + header.strip());
    }

    int height = Integer.parseInt(fields.group(1));
    int width = Integer.parseInt(fields.group(2));

    if (width == 0
        || height == 0
        || width > MAX_SIDE
        || height > MAX_SIDE
        || bytes.length != start + 8L * width * height) {
      throw new FlowFormatException(
          "Cannot read .npy flow: %d bytes do not hold a %dx%d flow"
              .formatted(bytes.length, width, height));
    }

    float[] uv = new float[2 * width * height];
    buffer.position(start);
    buffer.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(uv);
    return new PixelFlow(width, height, uv);
  }
}
