package org.denseflow.synthesis;

/**
 * A colour matrix in whole numbers, in steps of 2^-16: the same on every machine. Results are
 * rounded and clipped to 0..255.
 */
final class ColorChange {
  private static final int BITS = 16;

  private final int[] m = new int[12];

  ColorChange(ColorMatrix matrix) {
    for (int i = 0; i < m.length; i++) {
      m[i] = (int) Math.floor(matrix.m()[i] * (1 << BITS) + 0.5);
    }
  }

  /** The changed pixels as {@link Sampler} holds them. */
  long[] pack(byte[] rgb) {
    int[] channel = new int[rgb.length / 3];
    long[] packed = new long[channel.length];

    for (int c = 0; c < 3; c++) {
      change(rgb, m[4 * c], m[4 * c + 1], m[4 * c + 2], m[4 * c + 3] + (1 << BITS - 1), channel);
      clip(channel);

      for (int i = 0; i < packed.length; i++) {
        packed[i] = packed[i] << Sampler.FIELD | channel[i];
      }
    }

    return packed;
  }

  private static void change(byte[] rgb, int red, int green, int blue, int offset, int[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] =
          red * (rgb[3 * i] & 0xff)
              + green * (rgb[3 * i + 1] & 0xff)
              + blue * (rgb[3 * i + 2] & 0xff)
              + offset;
    }
  }

  private static void clip(int[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, Math.min(255, values[i] >> BITS));
    }
  }
}
