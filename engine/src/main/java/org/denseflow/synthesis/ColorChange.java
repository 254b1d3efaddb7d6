package org.denseflow.synthesis;

/**
 * A colour matrix in whole numbers: the same on every machine. What each value of each input
 * channel adds to the three output channels is tabulated, rounded to 2^-10 of a level (less fine
 * where the matrix reaches beyond -256..767); the sum is rounded and clipped to 0..255. The three
 * channels are summed and clipped at once, in the fields in which {@link Sampler} holds a pixel.
 */
final class ColorChange {
  private static final int VALUES = 256;
  private static final int MOST_BITS = 10;
  private static final long ONES = 1L | 1L << Sampler.FIELD | 1L << 2 * Sampler.FIELD;
  private static final int TOP = Sampler.FIELD - 1;

  /** Nothing changes. */
  private static final ColorChange PLAIN = new ColorChange(ColorMatrix.IDENTITY.m(), 0);

  private final int bits;
  private final long[] red;
  private final long[] green;
  private final long[] blue;

  private ColorChange(double[] m, int bits) {
    this.bits = bits;
    this.red = table(m, 0);
    this.green = table(m, 1);
    this.blue = table(m, 2);
  }

  static ColorChange of(ColorMatrix matrix) {
    if (matrix.equals(ColorMatrix.IDENTITY)) {
      return PLAIN;
    }

    ColorChange change = new ColorChange(matrix.m(), bits(matrix.m()));
    long offset = 0;

    for (int row = 0; row < 3; row++) {
      long bias = (1L << 8 + MOST_BITS) + (1L << change.bits - 1);
      offset = (offset << Sampler.FIELD) + change.scaled(matrix.m()[4 * row + 3]) + bias;
    }

    for (int value = 0; value < VALUES; value++) {
      change.red[value] += offset;
    }

    return change;
  }

  /** The most fraction bits with which results from -2^18 to 3 · 2^18 - 1 cover the matrix. */
  private static int bits(double[] m) {
    int bits = MOST_BITS;

    for (int row = 0; row < 3; row++) {
      double least = m[4 * row + 3] - 4;
      double most = m[4 * row + 3] + 4;

      for (int c = 0; c < 3; c++) {
        least += Math.min(0, m[4 * row + c] * (VALUES - 1));
        most += Math.max(0, m[4 * row + c] * (VALUES - 1));
      }

      while (bits > 1
          && (least < -Math.scalb(1.0, 18 - bits) || most >= 3 * Math.scalb(1.0, 18 - bits))) {
        bits--;
      }
    }

    return bits;
  }

  private long[] table(double[] m, int channel) {
    long[] table = new long[VALUES];

    for (int value = 0; value < VALUES; value++) {
      for (int row = 0; row < 3; row++) {
        table[value] = (table[value] << Sampler.FIELD) + scaled(m[4 * row + channel] * value);
      }
    }

    return table;
  }

  private long scaled(double level) {
    return (long) Math.floor(level * (1 << bits) + 0.5);
  }

  /** Packs {@code count} pixels, changed, as {@link Sampler} holds them. */
  void pack(byte[] rgb, int from, long[] to, int at, int count) {
    long[] r = red;
    long[] g = green;
    long[] b = blue;

    for (int i = 0; i < count; i++) {
      int p = from + 3 * i;
      to[at + i] = r[rgb[p] & 0xff] + g[rgb[p + 1] & 0xff] + b[rgb[p + 2] & 0xff];
    }

    if (this != PLAIN) {
      clip(to, at, count);
    }
  }

  /** Fields are level · 2^bits + 2^18; the top bit of a field tells a comparison's outcome. */
  private void clip(long[] values, int at, int count) {
    long tops = ONES << TOP;
    long zero = tops - (ONES << 8 + MOST_BITS);
    long limit = tops - (ONES << 8 + bits);
    long levels = ONES * (VALUES - 1);

    for (int i = at; i < at + count; i++) {
      long value = values[i] + zero;
      long positive = value & tops;
      value &= positive - (positive >>> TOP);
      long over = value + limit & tops;
      value |= over - (over >>> TOP);
      values[i] = value >>> bits & levels;
    }
  }
}
