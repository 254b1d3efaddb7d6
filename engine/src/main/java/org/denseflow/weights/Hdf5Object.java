package org.denseflow.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A group or a data set of an HDF5 file: the messages of an object header of version 1
 * (specification, chapter IV.A).
 */
final class Hdf5Object {
  private static final int DATA_SPACE = 0x01;
  private static final int DATA_TYPE = 0x03;
  private static final int LAYOUT = 0x08;
  private static final int CONTINUATION = 0x10;
  private static final int SYMBOL_TABLE = 0x11;
  private static final int SHARED = 2;
  private static final int MAX_RANK = 32;
  private static final long UNDEFINED = -1;

  private final Hdf5File file;
  private final Map<Integer, ByteBuffer> messages;

  private Hdf5Object(Hdf5File file, Map<Integer, ByteBuffer> messages) {
    this.file = file;
    this.messages = messages;
  }

  static Hdf5Object read(Hdf5File file, long address) throws IOException {
    ByteBuffer head = file.structure(address, 16);

    if (head.get(0) != 1) {
      throw Hdf5File.unsupported(
          "an object has a header of another version than 1",
          "h5py writes that unless track_order or libver say otherwise");
    }

    Map<Integer, ByteBuffer> messages = new HashMap<>();
    Deque<ByteBuffer> blocks = new ArrayDeque<>();
    blocks.add(file.structure(address + 16, head.getInt(8)));

    while (!blocks.isEmpty()) {
      ByteBuffer block = blocks.remove();

      while (block.remaining() >= 8) {
        int type = block.getShort() & 0xffff;
        int size = block.getShort() & 0xffff;
        int flags = block.getInt();
        ByteBuffer body = block.slice(block.position(), size).order(ByteOrder.LITTLE_ENDIAN);
        block.position(block.position() + size);

        if (type == CONTINUATION) {
          blocks.add(file.structure(body.getLong(0), body.getLong(8)));
        } else if ((flags & SHARED) == 0) {
          messages.putIfAbsent(type, body);
        }
      }
    }

    return new Hdf5Object(file, messages);
  }

  boolean isGroup() {
    return messages.containsKey(SYMBOL_TABLE);
  }

  /** The objects of a group by name. */
  Map<String, Hdf5Object> members() throws IOException {
    ByteBuffer table = messages.get(SYMBOL_TABLE);
    return file.members(table.getLong(0), table.getLong(8));
  }

  /**
   * The values of a data set.
   *
   * @throws WeightException if they are not numbers, or do not lie in this file in one piece
   */
  Tensor tensor(String name) throws IOException {
    if (!messages.keySet().containsAll(Set.of(DATA_SPACE, DATA_TYPE, LAYOUT))) {
      throw Hdf5File.unsupported(
          "%s is neither a data set nor a group with a symbol table".formatted(name),
          "links to other files are not followed");
    }

    int[] shape = shape(name, messages.get(DATA_SPACE));
    ByteBuffer described = messages.get(DATA_TYPE);
    ElementType type = type(name, described);
    long count = 1;

    for (int side : shape) {
      count *= side;

      if (count > Integer.MAX_VALUE / 8) {
        throw WeightException.malformed("%s announces too many elements".formatted(name));
      }
    }

    boolean big = (described.get(1) & 1) != 0;
    ByteBuffer values = values(name, messages.get(LAYOUT), count * type.bytes());
    values.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    return new Tensor(shape, type.read(values, (int) count));
  }

  private static int[] shape(String name, ByteBuffer space) {
    int rank = space.get(1);

    if (rank < 0 || rank > MAX_RANK) {
      throw WeightException.malformed("%s has %d dimensions".formatted(name, rank));
    }

    int first = space.get(0) == 1 ? 8 : 4;
    int[] shape = new int[rank];

    for (int i = 0; i < rank; i++) {
      shape[i] = Math.toIntExact(space.getLong(first + 8 * i));

      if (shape[i] < 0) {
        throw WeightException.malformed("%s has a negative dimension".formatted(name));
      }
    }

    return shape;
  }

  private static ElementType type(String name, ByteBuffer type) {
    int kind = type.get(0) & 0xf;
    int size = type.getInt(4);
    boolean signed = (type.get(1) & 8) != 0;
    String said =
        switch (kind) {
          case 0 -> (signed ? "i" : "u") + size;
          case 1 -> "f" + size + "e" + type.get(13);
          default -> "class " + kind;
        };

    return switch (said) {
      case "f2e5" -> ElementType.F16;
      case "f4e8" -> ElementType.F32;
      case "f8e11" -> ElementType.F64;
      case "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8" -> ElementType.ofNumpy(said);
      default ->
          throw Hdf5File.unsupported(
              "%s holds elements of type %s".formatted(name, said), "store numbers");
    };
  }

  private ByteBuffer values(String name, ByteBuffer layout, long length) throws IOException {
    int version = layout.get(0);
    int kind = layout.get(1);

    if (version != 3 || kind > 1) {
      throw Hdf5File.unsupported(
          "%s is stored in chunks or in another version of the format".formatted(name),
          "rewrite it with: h5repack -l CONTI -f NONE IN OUT");
    }

    long stored = kind == 0 ? layout.getShort(2) & 0xffff : layout.getLong(10);

    if (kind == 1 && layout.getLong(2) == UNDEFINED) {
      throw Hdf5File.unsupported(
          "%s has no values in this file".formatted(name), "other files are not read");
    }

    if (length > stored) {
      throw WeightException.truncated(
          "%s needs %d bytes, %d are stored".formatted(name, length, stored));
    }

    return kind == 0 ? layout.slice(4, (int) length) : file.values(layout.getLong(2), length);
  }
}
