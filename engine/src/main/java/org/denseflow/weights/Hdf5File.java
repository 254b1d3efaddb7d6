package org.denseflow.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HDF5 file in the format that h5py writes by default: superblock 0 or 1, groups with symbol
 * tables, data sets in one piece. Nothing outside the file is ever read: links and values kept in
 * other files are refused. Structures are those of the HDF5 File Format Specification, chapters II,
 * III.A to III.D.
 *
 * <p>Damaged files end soon: values are read at most once over, everything else four times.
 */
final class Hdf5File {
  private static final int SUPERBLOCK = 96;
  private static final int SYMBOL = 40;
  private static final int SYMBOLIC_LINK = 2;
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private final FileChannel channel;
  private long structureLeft;
  private long valuesLeft;

  Hdf5File(FileChannel channel) throws IOException {
    this.channel = channel;
    structureLeft = 4 * channel.size();
    valuesLeft = channel.size();
  }

  /** The group that all others lie in. */
  Hdf5Object root() throws IOException {
    ByteBuffer block = structure(0, SUPERBLOCK);
    int version = block.get(8);

    if (version < 0 || version > 1) {
      throw unsupported(
          "it has superblock %d, readable are 0 and 1".formatted(version),
          "h5py writes these unless libver says otherwise");
    }

    if (block.get(13) != 8 || block.get(14) != 8) {
      throw WeightException.malformed("the HDF5 file has addresses that are not 8 bytes long");
    }

    int addresses = version == 0 ? 24 : 28;

    if (block.getLong(addresses) != 0) {
      throw unsupported("its base address is not 0", "write it without a user block");
    }

    return Hdf5Object.read(this, block.getLong(addresses + 40));
  }

  /** The objects of a group by name. */
  Map<String, Hdf5Object> members(long tree, long heap) throws IOException {
    ByteBuffer head = structure(heap, 32);
    require(head, "HEAP");
    Map<String, Hdf5Object> members = new LinkedHashMap<>();
    addTree(tree, -1, structure(head.getLong(24), head.getLong(8)), members);
    return members;
  }

  private void addTree(
      long address, int expectedLevel, ByteBuffer names, Map<String, Hdf5Object> members)
      throws IOException {
    ByteBuffer head = structure(address, 24);
    require(head, "TREE");
    int level = head.get(5) & 0xff;

    if (head.get(4) != 0 || expectedLevel >= 0 && level != expectedLevel) {
      throw WeightException.malformed("the HDF5 file has a broken tree");
    }

    int count = head.getShort(6) & 0xffff;
    ByteBuffer children = structure(address + 24, 8 + 16L * count);

    for (int i = 0; i < count; i++) {
      long child = children.getLong(8 + 16 * i);

      if (level == 0) {
        addSymbols(child, names, members);
      } else {
        addTree(child, level - 1, names, members);
      }
    }
  }

  private void addSymbols(long address, ByteBuffer names, Map<String, Hdf5Object> members)
      throws IOException {
    ByteBuffer head = structure(address, 8);
    require(head, "SNOD");
    int count = head.getShort(6) & 0xffff;
    ByteBuffer symbols = structure(address + 8, (long) SYMBOL * count);

    for (int at = 0; at < SYMBOL * count; at += SYMBOL) {
      String name = name(names, symbols.getLong(at));

      if (symbols.getInt(at + 16) == SYMBOLIC_LINK) {
        throw unsupported("%s is a link".formatted(name), "store the values themselves");
      }

      members.put(name, Hdf5Object.read(this, symbols.getLong(at + 8)));
    }
  }

  private static String name(ByteBuffer names, long offset) {
    int start = Math.toIntExact(offset);
    int end = start;

    while (names.get(end) != 0) {
      end++;
    }

    return new String(names.array(), start, end - start, StandardCharsets.UTF_8);
  }

  /** Bytes that say how the file is built. */
  ByteBuffer structure(long address, long length) throws IOException {
    structureLeft -= requireInside(address, length);
    return bytes(address, length, structureLeft);
  }

  /** Bytes that are values. */
  ByteBuffer values(long address, long length) throws IOException {
    valuesLeft -= requireInside(address, length);
    return bytes(address, length, valuesLeft);
  }

  private long requireInside(long address, long length) throws IOException {
    long size = channel.size();

    if (address < 0 || address > size || length < 0 || length > size - address) {
      throw WeightException.truncated(
          "the HDF5 file of %d bytes announces %d at %d".formatted(size, length, address));
    }

    return length;
  }

  private ByteBuffer bytes(long address, long length, long left) throws IOException {
    if (left < 0) {
      throw WeightException.malformed("the HDF5 file refers to the same bytes again and again");
    }

    if (length > MOST_BYTES) {
      throw unsupported(
          "it has a piece of %d bytes, readable are %d".formatted(length, MOST_BYTES),
          "write it as smaller data sets");
    }

    ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    WeightFile.readFully(channel, bytes, address);
    return bytes;
  }

  private static void require(ByteBuffer bytes, String signature) {
    if (!signature.equals(new String(bytes.array(), 0, 4, StandardCharsets.ISO_8859_1))) {
      throw WeightException.malformed("the HDF5 file has no %s where one is".formatted(signature));
    }
  }

  static WeightException unsupported(String what, String mend) {
    return WeightException.unsupported("HDF5 file: %s; %s".formatted(what, mend));
  }
}
