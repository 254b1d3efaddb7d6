package org.denseflow.jobs.dataset;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The numeric arrays of a MATLAB 5 file, compressed or not (MAT-File Format, "Level 5 MAT-File
 * Format"). Text, structures, objects and functions are skipped. A file's compressed arrays unpack
 * to 256 MiB at most.
 */
final class MatFile {
  private static final int HEADER = 128;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;
  private static final int FIRST_NUMERIC_CLASS = 6;
  private static final int LAST_NUMERIC_CLASS = 15;
  private static final int MOST_BYTES = 256 << 20;

  /** No deflated stream unpacks to more times its length. */
  private static final long MOST_EXPANSION = 1032;

  private final Map<String, Numbers> arrays = new HashMap<>();
  private long left = MOST_BYTES;

  private MatFile() {}

  /**
   * An array in MATLAB's order: the first index is the quickest.
   *
   * @param sizes of the dimensions, two or more
   * @param data the elements
   * @param type their type in the file
   */
  record Numbers(int[] sizes, ByteBuffer data, Type type) {

    int count() {
      return data.limit() / type.bytes;
    }

    double at(int index) {
      int place = index * type.bytes;
      return switch (type) {
        case INT8 -> data.get(place);
        case UINT8 -> data.get(place) & 0xff;
        case INT16 -> data.getShort(place);
        case UINT16 -> data.getShort(place) & 0xffff;
        case INT32 -> data.getInt(place);
        case UINT32 -> data.getInt(place) & 0xffffffffL;
        case SINGLE -> data.getFloat(place);
        case DOUBLE -> data.getDouble(place);
        case INT64 -> data.getLong(place);
      };
    }
  }

  /** Types of elements, with the numbers that files have for them. */
  enum Type {
    INT8(1, 1),
    UINT8(2, 1),
    INT16(3, 2),
    UINT16(4, 2),
    INT32(5, 4),
    UINT32(6, 4),
    SINGLE(7, 4),
    DOUBLE(9, 8),
    INT64(12, 8);

    private final int code;
    private final int bytes;

    Type(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    private static Type of(int code) {
      for (Type type : values()) {
        if (type.code == code) {
          return type;
        }
      }
      throw new IllegalArgumentException("its numbers have the unknown type " + code);
    }
  }

  /**
   * The arrays by name.
   *
   * @throws IllegalArgumentException if the file is malformed
   */
  static Map<String, Numbers> read(byte[] bytes) {
    if (bytes.length < HEADER) {
      throw new IllegalArgumentException("it has %d bytes".formatted(bytes.length));
    }
    String mark = new String(bytes, HEADER - 2, 2, StandardCharsets.ISO_8859_1);

    if (!mark.equals("IM") && !mark.equals("MI")) {
      throw new IllegalArgumentException("it has no mark of its byte order");
    }
    ByteBuffer all = ByteBuffer.wrap(bytes);
    all.order(mark.equals("IM") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    MatFile file = new MatFile();
    file.addAll(all.position(HEADER));
    return file.arrays;
  }

  /** A piece of a file: what it is and its bytes. */
  private record Element(int type, ByteBuffer data) {

    static Element next(ByteBuffer from) {
      int first = slice(from, 4).getInt();

      if (first >>> 16 != 0) {
        ByteBuffer small = slice(from, 4);
        return new Element(first & 0xffff, slice(small, first >>> 16));
      }
      ByteBuffer data = slice(from, slice(from, 4).getInt());
      int padding = first == COMPRESSED ? 0 : (8 - data.limit() % 8) % 8;
      from.position(from.position() + Math.min(padding, from.remaining()));
      return new Element(first, data);
    }

    private static ByteBuffer slice(ByteBuffer from, int length) {
      if (length < 0 || length > from.remaining()) {
        throw new IllegalArgumentException(
            "it announces %d bytes where %d are left"
                .formatted(length & 0xffffffffL, from.remaining()));
      }
      ByteBuffer slice = from.slice(from.position(), length).order(from.order());
      from.position(from.position() + length);
      return slice;
    }
  }

  private void addAll(ByteBuffer elements) {
    while (elements.hasRemaining()) {
      Element element = Element.next(elements);

      if (element.type() == COMPRESSED) {
        element = Element.next(inflated(element.data()));
      }

      if (element.type() == MATRIX) {
        add(element.data());
      }
    }
  }

  private void add(ByteBuffer matrix) {
    int kind = Element.next(matrix).data().get(matrix.order() == ByteOrder.LITTLE_ENDIAN ? 0 : 3);

    if (kind < FIRST_NUMERIC_CLASS || kind > LAST_NUMERIC_CLASS) {
      return;
    }
    ByteBuffer sizes = Element.next(matrix).data();
    String name = StandardCharsets.US_ASCII.decode(Element.next(matrix).data()).toString();
    Element data = Element.next(matrix);
    Type type = Type.of(data.type());
    int[] shape = new int[sizes.limit() / Integer.BYTES];
    long count = 1;

    for (int i = 0; i < shape.length; i++) {
      shape[i] = sizes.getInt();
      count = shape[i] < 0 || count > MOST_BYTES ? -1 : count * shape[i];
    }

    if (shape.length < 2 || count * type.bytes != data.data().limit()) {
      throw new IllegalArgumentException(
          "%s has %d bytes of numbers, its sizes ask for %d"
              .formatted(name, data.data().limit(), count * type.bytes));
    }
    arrays.put(name, new Numbers(shape, data.data(), type));
  }

  /** A compressed matrix, with its tag. */
  private ByteBuffer inflated(ByteBuffer deflated) {
    Inflater inflater = new Inflater();

    try {
      inflater.setInput(deflated.duplicate());
      ByteBuffer tag = fill(inflater, new byte[8], 0).order(deflated.order());
      long length = 8 + (tag.getInt(4) & 0xffffffffL);
      left -= length;

      if (left < 0 || length > 8 + MOST_EXPANSION * deflated.limit()) {
        throw new IllegalArgumentException("it would unpack to %d bytes".formatted(length));
      }
      byte[] bytes = new byte[(int) length];
      tag.get(0, bytes, 0, 8);
      return fill(inflater, bytes, 8).order(deflated.order());
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("its compressed data are broken", e);
    } finally {
      inflater.end();
    }
  }

  private static ByteBuffer fill(Inflater inflater, byte[] bytes, int from)
      throws DataFormatException {
    int at = from;

    while (at < bytes.length) {
      int read = inflater.inflate(bytes, at, bytes.length - at);

      if (read == 0) {
        throw new IllegalArgumentException("its compressed data end too soon");
      }
      at += read;
    }
    return ByteBuffer.wrap(bytes);
  }
}
