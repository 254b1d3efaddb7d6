package org.denseflow.synthesis;

import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.synthesis.PairParameters.Padding;

/**
 * Takes colours out of an image at the places a view's pixels look at. The filter: bilinear between
 * pixel centres, with the position rounded to 1/64 pixel, so that the four weights are whole
 * numbers out of 4096 and the result is the same on every machine. Masks are read at the nearest
 * pixel.
 *
 * <p>A pixel is held as one number with its three channels in fields of 21 bits: one multiplication
 * weighs all three. Each row is done in three short loops, and a row that stays inside the image
 * takes no look at the border: both are what the compiler makes fast code of.
 */
final class Sampler {
  static final int FIELD = 21;
  private static final int FRACTION_BITS = 6;
  private static final int ONE = 1 << FRACTION_BITS;
  private static final int MASK = ONE - 1;
  private static final int WEIGHT_BITS = 2 * FRACTION_BITS;
  private static final long HALF =
      1L << WEIGHT_BITS - 1 | 1L << WEIGHT_BITS - 1 + FIELD | 1L << WEIGHT_BITS - 1 + 2 * FIELD;

  /** 1.5 · 2^52: between this and twice this, doubles are whole numbers. */
  private static final double INTEGER = 0x1.8p52;

  private final int width;
  private final int height;
  private final long[] pixels;
  private final Padding padding;
  private int[] xs = new int[0];
  private int[] ys = new int[0];
  private long[] values = new long[0];

  /** Samples an image after a colour change; color is null without. */
  Sampler(RgbImage image, Padding padding, ColorChange color) {
    this.width = image.width();
    this.height = image.height();
    this.padding = padding;
    this.pixels = color == null ? pack(image.pixels()) : color.pack(image.pixels());
  }

  /**
   * Samples one row.
   *
   * @param u image x of each pixel, normalised
   * @param v image y of each pixel, normalised
   * @param to RGB bytes from {@code at} on
   */
  void row(double[] u, double[] v, byte[] to, int at) {
    if (xs.length != u.length) {
      xs = new int[u.length];
      ys = new int[u.length];
      values = new long[u.length];
    }

    boolean inside = positions(u, width, xs) & positions(v, height, ys);

    if (inside) {
      inside();
    } else {
      crossing(u, v);
    }

    store(to, at);
  }

  /**
   * Pixel positions in 1/64 pixel, rounded to nearest: the sum with {@link #INTEGER} has the
   * rounded number in its lowest bits.
   *
   * @return whether all of them have both neighbours inside
   */
  private static boolean positions(double[] normalised, int size, int[] to) {
    double scale = 0.5 * size * ONE;
    double offset = scale - 0.5 * ONE + INTEGER;
    int last = (size - 1 << FRACTION_BITS) - 1;
    int signs = 0;

    for (int i = 0; i < to.length; i++) {
      int position = (int) Double.doubleToRawLongBits(normalised[i] * scale + offset);
      to[i] = position;
      signs |= position | last - position;
    }

    return signs >= 0;
  }

  private void inside() {
    long[] image = pixels;
    long[] result = values;
    int[] px = xs;
    int[] py = ys;
    int stride = width;

    for (int i = 0; i < result.length; i++) {
      int x = px[i];
      int y = py[i];
      int p = (y >> FRACTION_BITS) * stride + (x >> FRACTION_BITS);
      result[i] =
          blend(
              image[p], image[p + 1], image[p + stride], image[p + stride + 1], x & MASK, y & MASK);
    }
  }

  private void crossing(double[] u, double[] v) {
    int lastX = width - 2;
    int lastY = height - 2;
    boolean zeros = padding == Padding.ZEROS;

    for (int i = 0; i < values.length; i++) {
      int x = xs[i];
      int y = ys[i];
      int column = x >> FRACTION_BITS;
      int row = y >> FRACTION_BITS;

      if ((column | row | lastX - column | lastY - row) >= 0) {
        int p = row * width + column;
        values[i] =
            blend(
                pixels[p],
                pixels[p + 1],
                pixels[p + width],
                pixels[p + width + 1],
                x & MASK,
                y & MASK);
      } else if (zeros && (Math.abs(u[i]) > 1 || Math.abs(v[i]) > 1)) {
        values[i] = 0;
      } else {
        values[i] = bordered(x, y);
      }
    }
  }

  /** Four pixels weighed. A difference may borrow from the next field; the sum gives it back. */
  private static long blend(long p00, long p01, long p10, long p11, int fx, int fy) {
    long top = (p00 << FRACTION_BITS) + (p01 - p00) * fx;
    long bottom = (p10 << FRACTION_BITS) + (p11 - p10) * fx;
    return (top << FRACTION_BITS) + (bottom - top) * fy + HALF;
  }

  private long bordered(int x, int y) {
    int left = reflect(x >> FRACTION_BITS, width);
    int right = reflect((x >> FRACTION_BITS) + 1, width);
    int above = reflect(y >> FRACTION_BITS, height) * width;
    int below = reflect((y >> FRACTION_BITS) + 1, height) * width;
    return blend(
        pixels[above + left],
        pixels[above + right],
        pixels[below + left],
        pixels[below + right],
        x & MASK,
        y & MASK);
  }

  private void store(byte[] to, int at) {
    long[] result = values;
    int out = at;

    for (int i = 0; i < result.length; i++) {
      long value = result[i];
      to[out] = (byte) (value >>> WEIGHT_BITS + 2 * FIELD);
      to[out + 1] = (byte) (value >>> WEIGHT_BITS + FIELD);
      to[out + 2] = (byte) (value >>> WEIGHT_BITS);
      out += 3;
    }
  }

  /** Mirrors an index at the edges, the edge pixel repeated: -1 is 0, -2 is 1. */
  static int reflect(int index, int size) {
    if (index >= 0 && index < size) {
      return index;
    }

    int turn = Math.floorMod(index, 2 * size);
    return turn < size ? turn : 2 * size - 1 - turn;
  }

  /** Samples one row of a mask; what lies beyond its border is outside. */
  static void row(Mask mask, double[] u, double[] v, boolean[] to, int at) {
    double halfWidth = 0.5 * mask.width();
    double halfHeight = 0.5 * mask.height();

    for (int i = 0; i < u.length; i++) {
      int x = (int) Math.floor((u[i] + 1) * halfWidth);
      int y = (int) Math.floor((v[i] + 1) * halfHeight);
      to[at + i] = x >= 0 && y >= 0 && x < mask.width() && y < mask.height() && mask.at(x, y);
    }
  }

  private static long[] pack(byte[] rgb) {
    long[] packed = new long[rgb.length / 3];

    for (int i = 0; i < packed.length; i++) {
      packed[i] =
          (rgb[3 * i] & 0xffL) << 2 * FIELD
              | (rgb[3 * i + 1] & 0xffL) << FIELD
              | rgb[3 * i + 2] & 0xffL;
    }

    return packed;
  }
}
