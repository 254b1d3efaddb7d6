package org.denseflow.weights;

/** Numbers in half precision, IEEE 754's binary16. */
public final class HalfFloat {

  private HalfFloat() {}

  /**
   * A number in half precision: the nearest, of two equally near the even one.
   *
   * @return infinite bits for what is beyond 65504
   */
  public static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);

    if (!(magnitude < 65520)) {
      return (short) (sign | 0x7c00);
    }

    // Below 2^-14 halves are 2^-24 apart; above, the last 13 bits of 23 are dropped.
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }

    int kept = bits & 0x7fffffff;
    int rounded = kept + 0xfff + (kept >>> 13 & 1);
    return (short) (sign | (rounded >>> 13) - (112 << 10));
  }

  /** The number that 16 bits stand for. */
  public static float value(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1f;
    int mantissa = bits & 0x3ff;

    if (exponent == 31) {
      return Float.intBitsToFloat(sign | 0x7f800000 | mantissa << 13);
    }

    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }

    return Float.intBitsToFloat(sign | exponent + 112 << 23 | mantissa << 13);
  }
}
