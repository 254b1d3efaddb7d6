package org.denseflow.weights;

import java.nio.ByteBuffer;
import java.util.Map;

/** A number format in a weight file and its conversion to fp32. */
enum ElementType {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U64(8),
  U32(4),
  U16(2),
  U8(1),
  BOOL(1);

  private static final Map<String, ElementType> NUMPY =
      Map.ofEntries(
          Map.entry("f8", F64),
          Map.entry("f4", F32),
          Map.entry("f2", F16),
          Map.entry("i8", I64),
          Map.entry("i4", I32),
          Map.entry("i2", I16),
          Map.entry("i1", I8),
          Map.entry("u8", U64),
          Map.entry("u4", U32),
          Map.entry("u2", U16),
          Map.entry("u1", U8),
          Map.entry("b1", BOOL));

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  /** The type of a NumPy descriptor without its byte-order mark, or null. */
  static ElementType ofNumpy(String descriptor) {
    return NUMPY.get(descriptor);
  }

  /** Reads the next element in the buffer's byte order. */
  float next(ByteBuffer buffer) {
    return switch (this) {
      case F64 -> (float) buffer.getDouble();
      case F32 -> buffer.getFloat();
      case F16 -> HalfFloat.value(buffer.getShort());
      case BF16 -> Float.intBitsToFloat(buffer.getShort() << 16);
      case I64 -> buffer.getLong();
      case I32 -> buffer.getInt();
      case I16 -> buffer.getShort();
      case I8 -> buffer.get();
      case U64 -> unsigned(buffer.getLong());
      case U32 -> buffer.getInt() & 0xffffffffL;
      case U16 -> buffer.getShort() & 0xffff;
      case U8, BOOL -> buffer.get() & 0xff;
    };
  }

  /** Reads {@code count} elements. */
  float[] read(ByteBuffer buffer, int count) {
    float[] values = new float[count];

    if (this == F32) {
      buffer.asFloatBuffer().get(values);
    } else {
      for (int i = 0; i < count; i++) {
        values[i] = next(buffer);
      }
    }

    return values;
  }

  private static float unsigned(long bits) {
    return bits >= 0 ? bits : (float) ((bits >>> 11) * 0x1p11);
  }

  /** Writes elements of {@link #F32} or {@link #F16}. */
  void put(float[] values, ByteBuffer to) {
    for (float value : values) {
      if (this == F16) {
        to.putShort(HalfFloat.of(value));
      } else {
        to.putFloat(value);
      }
    }
  }
}
