package org.denseflow.jobs.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.denseflow.weights.HalfFloat;

/** How the numbers of a dense field are stored: little-endian, in this many bytes. */
public enum Precision {
  /** Four bytes. */
  SINGLE("f32le", 4),
  /** Two bytes: displacements to 1/4096 of a side where they are below half of it. */
  HALF("f16le", 2);

  private final String code;
  private final int size;

  Precision(String code, int size) {
    this.code = code;
    this.size = size;
  }

  /** That of a table's column. */
  static Precision of(String code) {
    for (Precision precision : values()) {
      if (precision.code.equals(code)) {
        return precision;
      }
    }

    throw new IllegalStateException("Unknown encoding of flows: " + code);
  }

  /** What a table's column says. */
  String code() {
    return code;
  }

  /** Numbers as bytes. */
  byte[] bytes(float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(size * values.length).order(ByteOrder.LITTLE_ENDIAN);

    for (float value : values) {
      if (this == HALF) {
        buffer.putShort(HalfFloat.of(value));
      } else {
        buffer.putFloat(value);
      }
    }

    return buffer.array();
  }

  /** The numbers of bytes. */
  float[] floats(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.length / size];

    for (int i = 0; i < values.length; i++) {
      values[i] = this == HALF ? HalfFloat.value(buffer.getShort()) : buffer.getFloat();
    }

    return values;
  }
}
