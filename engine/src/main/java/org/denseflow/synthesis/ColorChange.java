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
   * @param first the first pixel to change
   * @param behind the first pixel behind those to change
   */
  void apply(int[] redBlue, int[] greenShown, int first, int behind) {
    for (int c = 0; c < channels.length; c++) {
      mix(redBlue, greenShown, 4 * c, first, behind, channels[c]);
    }

    join(channels[0], channels[1], channels[2], greenShown, first, behind, redBlue);
  }

  /** Clips with shifts instead of comparisons: so it is vectorised. */
  private void mix(int[] redBlue, int[] green, int row, int first, int behind, int[] to) {
    int mr = m[row];
    int mg = m[row + 1];
    int mb = m[row + 2];
    int offset = m[row + 3] + ROUND;

    for (int i = first; i < behind; i++) {
      int sum = (redBlue[i] & 0xff) * mr + (redBlue[i] >>> 16) * mb + (green[i] & 0xff) * mg;
      int value = sum + offset >> BITS;
      int positive = value & ~(value >> 31);
      to[i] = (positive | 255 - positive >> 31) & 0xff;
    }
  }

  private static void join(
      int[] r, int[] g, int[] b, int[] shown, int first, int behind, int[] to) {
    for (int i = first; i < behind; i++) {
      to[i] = (r[i] | g[i] << 8 | b[i] << 16) & -(shown[i] >>> 16);
    }
  }
}
