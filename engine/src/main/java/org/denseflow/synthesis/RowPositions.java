package org.denseflow.synthesis;

import java.util.Arrays;

/**
 * Where the pixels of one row of a view look in an image: in 1/64 pixel, rounded to nearest, from
 * the centre of the first pixel of a border of one pixel around the image. Not safe for use by
 * several threads.
 */
final class RowPositions {
  static final int FRACTION_BITS = 6;
  static final int ONE = 1 << FRACTION_BITS;

  /** Of positions along a straight line, behind the point. */
  private static final int FIXED_BITS = 16;

  private static final int FIXED_MASK = (1 << FIXED_BITS) - 1;

  /** 1.5 · 2^52: between this and twice this, doubles are whole numbers. */
  private static final double INTEGER = 0x1.8p52;

  private final double[] exact;
  private final int[] indices;
  private final int[] x;
  private final int[] y;
  private int width;
  private int height;

  /** Rows of this many pixels. */
  RowPositions(int length) {
    this.exact = new double[length];
    this.indices = new int[length];
    this.x = new int[length];
    this.y = new int[length];
    Arrays.setAll(indices, i -> i);
  }

  /** Takes the size of the image. */
  void within(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /** The positions' x, always the same array. */
  int[] x() {
    return x;
  }

  /** The positions' y, always the same array. */
  int[] y() {
    return y;
  }

  /** Places pixels at normalised coordinates. */
  void place(double[] u, double[] v) {
    round(u, width, x);
    round(v, height, y);
  }

  /**
   * Places pixels on a straight line, at the normalised (u, v) and (du, dv) from one to the next.
   */
  void place(double u, double du, double v, double dv) {
    placeColumns(u, du);
    step(fixed(v * scale(height) + offset(height)), fixed(dv * scale(height)), y);
  }

  /** Sets x only, as {@link #place(double, double, double, double)} does. */
  void placeColumns(double u, double du) {
    step(fixed(u * scale(width) + offset(width)), fixed(du * scale(width)), x);
  }

  /** Sets y only, the same for all pixels. */
  void placeRow(double v) {
    step(fixed(v * scale(height) + offset(height)), 0, y);
  }

  /**
   * Mirrors positions at the image's edges. Two sides away from the first edge, the first pixel is
   * repeated from there on.
   */
  void mirror() {
    mirror(x, width);
    mirror(y, height);
  }

  /** Written with absolute values, of which the compiler makes vector instructions. */
  private static void mirror(int[] positions, int size) {
    int side = size * ONE;

    for (int i = 0; i < positions.length; i++) {
      int away = Math.abs(positions[i] - ONE / 2);
      int limited = away + 2 * side - Math.abs(away - 2 * side) >> 1;
      positions[i] = side + ONE / 2 - Math.abs(side - limited);
    }
  }

  /** The sum with {@link #INTEGER} has the rounded number in its lowest bits. */
  private void round(double[] normalised, int size, int[] to) {
    double scale = scale(size);
    double offset = offset(size) + INTEGER;

    for (int i = 0; i < exact.length; i++) {
      exact[i] = normalised[i] * scale + offset;
    }

    for (int i = 0; i < to.length; i++) {
      to[i] = (int) Double.doubleToRawLongBits(exact[i]);
    }
  }

  private static double scale(int size) {
    return 0.5 * size * ONE;
  }

  private static double offset(int size) {
    return scale(size) + 0.5 * ONE;
  }

  /** In steps of 2^-16, rounded to nearest. */
  private static long fixed(double value) {
    return (long) Math.rint(value * (1 << FIXED_BITS));
  }

  /**
   * {@code first + i · step} without the last 16 bits, rounded to nearest; whole parts and
   * fractions are multiplied apart, so that integers suffice, of which vectors are made.
   */
  private void step(long first, long step, int[] to) {
    int[] index = indices;
    long rounded = first + (1 << FIXED_BITS - 1);
    int start = (int) (rounded >> FIXED_BITS);
    int startFraction = (int) (rounded & FIXED_MASK);
    int whole = (int) (step >> FIXED_BITS);
    int fraction = (int) (step & FIXED_MASK);

    for (int i = 0; i < to.length; i++) {
      to[i] = start + index[i] * whole + (startFraction + index[i] * fraction >> FIXED_BITS);
    }
  }
}
