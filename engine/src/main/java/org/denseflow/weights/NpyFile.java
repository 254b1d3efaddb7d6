package org.denseflow.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NumPy's .npy, versions 1 to 3: any float or integer type, either byte order, C or Fortran order.
 */
public final class NpyFile {
  private static final int MAX_HEADER = 1 << 20;
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=])([a-z]\\d+)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");

  private NpyFile() {}

  /**
   * Parses a .npy file; values are converted to fp32.
   *
   * @throws WeightException if it is malformed or truncated
   */
  public static Tensor read(byte[] bytes) {
    if (bytes.length < 12 || (bytes[0] & 0xff) != 0x93 || bytes[1] != 'N') {
      throw WeightException.malformed("not a .npy file");
    }

    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int version = bytes[6];
    int length = version == 1 ? buffer.getShort(8) & 0xffff : buffer.getInt(8);
    int start = (version == 1 ? 10 : 12) + length;

    if (version < 1 || version > 3 || length < 0 || length > MAX_HEADER || start > bytes.length) {
      throw WeightException.truncated(
          ".npy version %d with a header of %d bytes in a file of %d"
              .formatted(version, length, bytes.length));
    }

    String header = new String(bytes, start - length, length, StandardCharsets.UTF_8);
    Matcher descr = DESCR.matcher(header);

    if (!descr.find()) {
      throw WeightException.unsupported(".npy holds no numbers, or its header has no valid descr");
    }

    ElementType type = ElementType.ofNumpy(descr.group(2));

    if (type == null) {
      throw WeightException.unsupported(".npy holds the unsupported type " + descr.group(2));
    }

    int[] shape = shape(find(SHAPE, header, "shape").group(1));
    int count = count(shape);

    if ((long) count * type.bytes() > bytes.length - start) {
      throw WeightException.truncated(
          ".npy announces %d elements, the data hold %d bytes"
              .formatted(count, bytes.length - start));
    }

    buffer.position(start);
    buffer.order(descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    float[] values = type.read(buffer, count);
    boolean fortran = find(ORDER, header, "fortran_order").group(1).equals("True");
    return fortran ? fromFortran(shape, values) : new Tensor(shape, values);
  }

  private static Matcher find(Pattern pattern, String header, String key) {
    Matcher matcher = pattern.matcher(header);

    if (!matcher.find()) {
      throw WeightException.malformed(".npy header has no valid " + key);
    }

    return matcher;
  }

  private static int[] shape(String text) {
    try {
      return Pattern.compile(",")
          .splitAsStream(text)
          .map(String::strip)
          .filter(side -> !side.isEmpty())
          .mapToInt(Integer::parseInt)
          .toArray();
    } catch (NumberFormatException e) {
      throw WeightException.malformed(".npy header has the invalid shape (" + text + ")");
    }
  }

  private static int count(int[] shape) {
    long count = 1;

    for (int side : shape) {
      count *= side;

      if (count > Integer.MAX_VALUE / 8) {
        throw WeightException.malformed(".npy announces too many elements");
      }
    }

    return (int) count;
  }

  private static Tensor fromFortran(int[] shape, float[] values) {
    int[] reversed = new int[shape.length];
    int[] order = new int[shape.length];

    for (int i = 0; i < shape.length; i++) {
      reversed[i] = shape[shape.length - 1 - i];
      order[i] = shape.length - 1 - i;
    }

    return new Tensor(reversed, values).permute(order);
  }
}
