package org.denseflow.synthesis;

/**
 * A colour matrix in whole numbers, in steps of 2^-16: the same on every machine. Results are
 * rounded and clipped to 0..255.
 */
final class ColorChange {
  private static final int BITS = 16;
  private static final int ROUND = 1 << BITS - 1;

  private final int[] m = new int[12];

  private final int[][] channels;

  /** Changes rows of this many pixels. */
  ColorChange(ColorMatrix matrix, int length) {
    this.channels = new int[3][length];

    for (int i = 0; i < m.length; i++) {
      m[i] = (int) Math.floor(matrix.m()[i] * (1 << BITS) + 0.5);
    }
  }

  /**
   * Changes pixels.
   *
   * @param redBlue red in the lower and blue in the upper half; the result is put here, red in the
   *     lowest byte, then green and blue
   * @param greenShown green in the lower half; in the upper one 1 for a pixel of the image and 0
   *     for black beyond it, which stays black
   */
  void apply(int[] redBlue, int[] greenShown) {
    for (int c = 0; c < channels.length; c++) {
      mix(redBlue, m[4 * c], greenShown, m[4 * c + 1], m[4 * c + 2], channels[c]);
      clip(greenShown, m[4 * c + 3] + ROUND, channels[c]);
    }

    join(channels[0], channels[1], channels[2], redBlue);
  }

  private static void mix(int[] redBlue, int mr, int[] green, int mg, int mb, int[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (redBlue[i] & 0xff) * mr + (redBlue[i] >>> 16) * mb + (green[i] & 0xff) * mg;
    }
  }

  /**
   * Adds the offset and clips, with absolute values instead of comparisons: so it is vectorised.
   */
  private static void clip(int[] shown, int offset, int[] to) {
    for (int i = 0; i < to.length; i++) {
      int value = to[i] + (offset & -(shown[i] >>> 16)) >> BITS;
      to[i] = 255 + Math.abs(value) - Math.abs(value - 255) >> 1;
    }
  }

  private static void join(int[] r, int[] g, int[] b, int[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = r[i] | g[i] << 8 | b[i] << 16;
    }
  }
}
