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

  /**
   * Output channel c, 0 for red, of pixels.
   *
   * @param red values 0..255, as green and blue
   * @param shown 1 for a pixel of the image, 0 for black beyond it, which stays black
   */
  void apply(int c, int[] red, int[] green, int[] blue, int[] shown, int[] to) {
    mix(red, m[4 * c], green, m[4 * c + 1], blue, m[4 * c + 2], to);
    clip(shown, m[4 * c + 3] + (1 << BITS - 1), to);
  }

  private static void mix(int[] r, int mr, int[] g, int mg, int[] b, int mb, int[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = r[i] * mr + g[i] * mg + b[i] * mb;
    }
  }

  /** Adds the offset and clips, with signs instead of comparisons: so it is made of vectors. */
  private static void clip(int[] shown, int offset, int[] to) {
    for (int i = 0; i < to.length; i++) {
      int value = to[i] + shown[i] * offset >> BITS;
      int under = 255 - (value & ~(value >> 31));
      to[i] = 255 - (under & ~(under >> 31));
    }
  }
}
