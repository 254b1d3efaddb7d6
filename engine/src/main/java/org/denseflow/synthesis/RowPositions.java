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
  private boolean straight;
  private int from;
  private int to;

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

  /** Whether the pixels were placed on a straight line: then it is known which see the image. */
  boolean isStraight() {
    return straight;
  }

  /** On a straight line, the first pixel that looks into the image. */
  int from() {
    return from;
  }

  /** On a straight line, the first pixel behind those that look into the image. */
  int to() {
    return to;
  }

  /** Places pixels at normalised coordinates. */
  void place(double[] u, double[] v) {
    straight = false;
    round(u, width, x);
    round(v, height, y);
  }

  /**
   * Places pixels on a straight line, at the normalised (u, v) and (du, dv) from one to the next.
   */
  void place(double u, double du, double v, double dv) {
    straight = true;
    from = 0;
    to = x.length;
    long firstX = first(u, width);
    long firstY = first(v, height);
    long stepX = perPixel(du, width);
    long stepY = perPixel(dv, height);
    step(firstX, stepX, x);
    step(firstY, stepY, y);
    narrow(firstX, stepX, width);
    narrow(firstY, stepY, height);
  }

  /** Sets x only, as {@link #place(double, double, double, double)} does. */
  void placeColumns(double u, double du) {
    step(first(u, width), perPixel(du, width), x);
  }

  /** Sets y only, the same for all pixels. */
  void placeRow(double v) {
    step(first(v, height), 0, y);
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

  /** In steps of 2^-16, with one half of the unit that positions are rounded to. */
  private static long first(double normalised, int size) {
    return fixed(normalised * scale(size) + offset(size)) + (1 << FIXED_BITS - 1);
  }

  private static long perPixel(double normalised, int size) {
    return fixed(normalised * scale(size));
  }

  /** In steps of 2^-16, rounded to nearest. */
  private static long fixed(double value) {
    return (long) Math.rint(value * (1 << FIXED_BITS));
  }

  /**
   * {@code first + i · step} without the last 16 bits; whole parts and fractions are multiplied
   * apart, so that integers suffice, of which vectors are made.
   */
  private void step(long first, long step, int[] to) {
    int[] index = indices;
    int start = (int) (first >> FIXED_BITS);
    int startFraction = (int) (first & FIXED_MASK);
    int whole = (int) (step >> FIXED_BITS);
    int fraction = (int) (step & FIXED_MASK);

    for (int i = 0; i < to.length; i++) {
      to[i] = start + index[i] * whole + (startFraction + index[i] * fraction >> FIXED_BITS);
    }
  }

  /** Keeps the pixels that look between the two edges of a side, on them included. */
  private void narrow(long first, long step, int size) {
    long low = (long) ONE / 2 << FIXED_BITS;
    long behind = (long) size * ONE + ONE / 2 + 1 << FIXED_BITS;
    boolean falling = step < 0;
    int begin = falling ? reached(1 - behind, -first, -step) : reached(low, first, step);
    int end = falling ? reached(1 - low, -first, -step) : reached(behind, first, step);
    from = Math.max(from, begin);
    to = Math.max(from, Math.min(to, end));
  }

  /** The first pixel at which {@code first + i · step}, the step not negative, is at least this. */
  private int reached(long value, long first, long step) {
    if (first >= value) {
      return 0;
    }

    return step == 0 ? x.length : (int) Math.min(x.length, (value - first + step - 1) / step);
  }
}
