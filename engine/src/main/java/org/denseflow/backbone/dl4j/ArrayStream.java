package org.denseflow.backbone.dl4j;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.denseflow.weights.WeightException;

/**
 * Arrays as {@code Nd4j.write} writes them: a buffer of the shape, then one of the values. Each
 * buffer is how it was allocated, its length, its type and its values, big-endian.
 */
final class ArrayStream {
  private static final int CHUNK = 1 << 16;

  /** How buffers were allocated whose length is an int. */
  private static final Set<String> SHORT_LENGTH = Set.of("DIRECT", "HEAP", "JAVACPP");

  private final DataInputStream in;
  private final long most;

  /**
   * Begins at an array.
   *
   * @param most bytes that there can be; an array that announces more is refused
   */
  ArrayStream(DataInputStream in, long most) {
    this.in = in;
    this.most = most;
  }

  /**
   * The next array's values in the order in which they are stored.
   *
   * @throws WeightException if it announces more values than there can be, or is not of floats
   */
  float[] read() throws IOException {
    long shape = length();
    in.skipNBytes(shape * width(in.readUTF()));
    long values = length();
    return values(values, width(in.readUTF()));
  }

  private long length() throws IOException {
    long length = SHORT_LENGTH.contains(in.readUTF()) ? in.readInt() : in.readLong();

    if (length < 0 || length > most / Float.BYTES) {
      throw WeightException.malformed(
          "an array of %d values in an entry of %d bytes".formatted(length, most));
    }

    return length;
  }

  private static int width(String type) {
    return switch (type) {
      case "FLOAT", "INT" -> Float.BYTES;
      case "DOUBLE", "LONG" -> Double.BYTES;
      default ->
          throw WeightException.unsupported(
              "an array of type %s; convert the network with convertDataType(DataType.FLOAT)"
                  .formatted(type));
    };
  }

  private float[] values(long length, int width) throws IOException {
    if (length * width > most) {
      throw WeightException.malformed(
          "an array of %d bytes in an entry of %d".formatted(length * width, most));
    }

    float[] values = new float[(int) length];
    byte[] bytes = new byte[(int) Math.min(length * width, (long) CHUNK * width)];

    for (int at = 0; at < values.length; ) {
      int some = Math.min(bytes.length / width, values.length - at);
      in.readFully(bytes, 0, some * width);
      ByteBuffer chunk = ByteBuffer.wrap(bytes);

      for (int i = 0; i < some; i++, at++) {
        values[at] = width == Float.BYTES ? chunk.getFloat() : (float) chunk.getDouble();
      }
    }

    return values;
  }
}
