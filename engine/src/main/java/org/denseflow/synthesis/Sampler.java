package org.denseflow.synthesis;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
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
 * weighs all three. The image is held with a border of one pixel, each side's edge repeated, and
 * positions beyond the edges are mirrored back, or sent to black pixels that lie below the image:
 * so every position has four neighbours, and no pixel of a view needs a look at the border. Each
 * row is done in short loops of one kind of work, most of which the compiler makes vector
 * instructions of. Not safe for use by several threads.
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

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final double[] exact;
  private final int[] xs;
  private final int[] ys;
  private final int[] corners;
  private final int[] w00;
  private final int[] w01;
  private final int[] w10;
  private final int[] w11;
  private final long[] values;
  private int width;
  private int height;
  private int stride;
  private long[] pixels = new long[0];
  private long[] blended = new long[0];

  /** Samples rows of this many pixels. */
  Sampler(int length) {
    this.exact = new double[length];
    this.xs = new int[length];
    this.ys = new int[length];
    this.corners = new int[length];
    this.w00 = new int[length];
    this.w01 = new int[length];
    this.w10 = new int[length];
    this.w11 = new int[length];
    this.values = new long[length];
  }

  /** Takes an image, its colours changed, to sample from. */
  void load(RgbImage image, ColorMatrix color) {
    width = image.width();
    height = image.height();
    stride = width + 2;

    if (pixels.length < stride * (height + 4)) {
      pixels = new long[stride * (height + 4)];
    }

    if (blended.length < stride) {
      blended = new long[stride];
    }

    ColorChange change = ColorChange.of(color);

    for (int y = 0; y < height; y++) {
      int row = (y + 1) * stride;
      change.pack(image.pixels(), 3 * y * width, pixels, row + 1, width);
      pixels[row] = pixels[row + 1];
      pixels[row + width + 1] = pixels[row + width];
    }

    System.arraycopy(pixels, stride, pixels, 0, stride);
    System.arraycopy(pixels, height * stride, pixels, (height + 1) * stride, stride);
    Arrays.fill(pixels, (height + 2) * stride, (height + 4) * stride, 0);
  }

  /**
   * Samples one row.
   *
   * @param u image x of each pixel, normalised
   * @param v image y of each pixel, normalised
   * @param to RGB bytes from {@code at} on
   */
  void row(double[] u, double[] v, Padding padding, byte[] to, int at) {
    sixtyFourths(u, width, xs);
    sixtyFourths(v, height, ys);

    if (padding == Padding.SYMMETRIC) {
      mirror(xs, width);
      mirror(ys, height);
      weigh();
    } else {
      weigh();
      blacken();
    }

    blend();
    store(to, at);
  }

  /**
   * Prepares {@link #straightRow}: the columns that the pixels of every row look at.
   *
   * @param u image x of each pixel, normalised; all within the image
   */
  void columns(double[] u) {
    sixtyFourths(u, width, xs);

    for (int i = 0; i < xs.length; i++) {
      corners[i] = xs[i] >> FRACTION_BITS;
      w01[i] = xs[i] & MASK;
    }
  }

  /**
   * As {@link #row}, bit for bit, for a row of {@link #columns} at one image y within the image:
   * two rows of the image are weighed first, then neighbours along the result.
   */
  void straightRow(double v, byte[] to, int at) {
    int y = sixtyFourth(v, height);
    int fraction = y & MASK;
    int first = Math.min(corners[0], corners[corners.length - 1]);
    int last = Math.max(corners[0], corners[corners.length - 1]) + 1;
    int above = (y >> FRACTION_BITS) * stride;
    int below = above + stride;

    long[] image = pixels;
    long[] row = blended;

    for (int x = first; x <= last; x++) {
      long top = image[above + x];
      row[x] = (top << FRACTION_BITS) + (image[below + x] - top) * fraction;
    }

    int[] corner = corners;
    int[] right = w01;
    long[] result = values;

    for (int i = 0; i < result.length; i++) {
      long near = row[corner[i]];
      result[i] = (near << FRACTION_BITS) + (row[corner[i] + 1] - near) * right[i] + HALF;
    }

    store(to, at);
  }

  /**
   * Positions in 1/64 pixel from the centre of the border's first pixel, rounded to nearest: the
   * sum with {@link #INTEGER} has the rounded number in its lowest bits.
   */
  private void sixtyFourths(double[] normalised, int size, int[] to) {
    double scale = 0.5 * size * ONE;
    double offset = scale + 0.5 * ONE + INTEGER;

    for (int i = 0; i < exact.length; i++) {
      exact[i] = normalised[i] * scale + offset;
    }

    for (int i = 0; i < to.length; i++) {
      to[i] = (int) Double.doubleToRawLongBits(exact[i]);
    }
  }

  private static int sixtyFourth(double normalised, int size) {
    double scale = 0.5 * size * ONE;
    return (int) Double.doubleToRawLongBits(normalised * scale + (scale + 0.5 * ONE + INTEGER));
  }

  /**
   * Mirrors positions at the image's edges. Two sides away from the first edge, the first pixel is
   * repeated from there on. Written with absolute values, of which the compiler makes vector
   * instructions.
   */
  private static void mirror(int[] positions, int size) {
    int side = size * ONE;

    for (int i = 0; i < positions.length; i++) {
      int away = Math.abs(positions[i] - ONE / 2);
      int limited = away + 2 * side - Math.abs(away - 2 * side) >> 1;
      positions[i] = side + ONE / 2 - Math.abs(side - limited);
    }
  }

  /** The first neighbour of each position, and the weights of its four. */
  private void weigh() {
    int[] x = xs;
    int[] y = ys;
    int[] corner = corners;
    int lines = stride;

    for (int i = 0; i < corner.length; i++) {
      corner[i] = (y[i] >> FRACTION_BITS) * lines + (x[i] >> FRACTION_BITS);
    }

    for (int i = 0; i < corner.length; i++) {
      int fx = x[i] & MASK;
      int fy = y[i] & MASK;
      int both = fx * fy;
      w00[i] = (ONE - fx << FRACTION_BITS) - (fy << FRACTION_BITS) + both;
      w01[i] = (fx << FRACTION_BITS) - both;
      w10[i] = (fy << FRACTION_BITS) - both;
      w11[i] = both;
    }
  }

  /** Directs what lies outside the image to the black pixels below it. */
  private void blacken() {
    int[] x = xs;
    int[] y = ys;
    int[] corner = corners;
    int lastX = width * ONE + ONE / 2;
    int lastY = height * ONE + ONE / 2;
    int black = stride * (height + 2);

    for (int i = 0; i < corner.length; i++) {
      int outside = (x[i] - ONE / 2 | lastX - x[i] | y[i] - ONE / 2 | lastY - y[i]) >> 31;
      corner[i] = corner[i] & ~outside | black & outside;
    }
  }

  private void blend() {
    long[] image = pixels;
    long[] result = values;
    int[] corner = corners;
    int[] a = w00;
    int[] b = w01;
    int[] c = w10;
    int[] d = w11;
    int lines = stride;

    for (int i = 0; i < result.length; i++) {
      int p = corner[i];
      result[i] =
          image[p] * a[i]
              + image[p + 1] * b[i]
              + image[p + lines] * c[i]
              + image[p + lines + 1] * d[i]
              + HALF;
    }
  }

  /** Rounded bytes: each pixel is written with one byte too many, which the next one overwrites. */
  private void store(byte[] to, int at) {
    long[] result = values;
    int last = result.length - 1;

    for (int i = 0; i < result.length; i++) {
      long value = result[i];
      result[i] =
          value >>> WEIGHT_BITS + 2 * FIELD
              | value >>> WEIGHT_BITS + FIELD - 8 & 0xff00
              | value << 16 - WEIGHT_BITS & 0xff0000;
    }

    int out = at;

    for (int i = 0; i < last; i++) {
      WORD.set(to, out, (int) result[i]);
      out += 3;
    }

    to[out] = (byte) result[last];
    to[out + 1] = (byte) (result[last] >> 8);
    to[out + 2] = (byte) (result[last] >> 16);
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
}
