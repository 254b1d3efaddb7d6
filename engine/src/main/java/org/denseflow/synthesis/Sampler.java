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
 * <p>The image is held with a border of one pixel, each side's edge repeated, and positions beyond
 * the edges are mirrored back, or sent to black pixels that lie below the image: so every position
 * has four neighbours, and no pixel of a view needs a look at the border. Each row is done in short
 * loops of one kind of work, since only such are made vector instructions of; only the fetching of
 * neighbours is not. Not safe for use by several threads.
 */
final class Sampler {
  private static final int FRACTION_BITS = 6;
  private static final int ONE = 1 << FRACTION_BITS;
  private static final int MASK = ONE - 1;
  private static final int WEIGHT_BITS = 2 * FRACTION_BITS;
  private static final int HALF = 1 << WEIGHT_BITS - 1;

  /** The bit that is set in the image's pixels and not in the black ones beyond. */
  private static final int SHOWN = 24;

  /** 1.5 · 2^52: between this and twice this, doubles are whole numbers. */
  private static final double INTEGER = 0x1.8p52;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final double[] exact;
  private final int[] xs;
  private final int[] ys;
  private final int[] corners;
  private final int[][] weights;
  private final int[][] neighbours;
  private final int[] red;
  private final int[] green;
  private final int[] blue;
  private final Line[] lines;
  private int width;
  private int height;
  private int stride;
  private int[] pixels = new int[0];

  /** Samples rows of this many pixels. */
  Sampler(int length) {
    this.exact = new double[length];
    this.xs = new int[length];
    this.ys = new int[length];
    this.corners = new int[length];
    this.weights = new int[4][length];
    this.neighbours = new int[4][length];
    this.red = new int[length];
    this.green = new int[length];
    this.blue = new int[length];
    this.lines = new Line[] {new Line(length), new Line(length)};
  }

  /** Takes an image to sample from. */
  void load(RgbImage image) {
    width = image.width();
    height = image.height();
    stride = width + 2;

    if (pixels.length < stride * (height + 4)) {
      pixels = new int[stride * (height + 4)];
    }

    for (int y = 0; y < height; y++) {
      int row = (y + 1) * stride;
      pack(image.pixels(), 3 * y * width, pixels, row + 1, width);
      pixels[row] = pixels[row + 1];
      pixels[row + width + 1] = pixels[row + width];
    }

    System.arraycopy(pixels, stride, pixels, 0, stride);
    System.arraycopy(pixels, height * stride, pixels, (height + 1) * stride, stride);
    Arrays.fill(pixels, (height + 2) * stride, (height + 4) * stride, 0);
  }

  /** Red in the lowest byte, then green, blue, and {@link #SHOWN}. */
  private static void pack(byte[] rgb, int from, int[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      int p = from + 3 * i;
      to[at + i] =
          rgb[p] & 0xff | (rgb[p + 1] & 0xff) << 8 | (rgb[p + 2] & 0xff) << 16 | 1 << SHOWN;
    }
  }

  /**
   * Samples one row.
   *
   * @param u image x of each pixel, normalised
   * @param v image y of each pixel, normalised
   * @param color how the sampled colours are changed, null for not at all
   * @param to RGB bytes from {@code at} on
   */
  void row(double[] u, double[] v, Padding padding, ColorChange color, byte[] to, int at) {
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

    fetch(pixels, corners, 0, neighbours[0], neighbours[1]);
    fetch(pixels, corners, stride, neighbours[2], neighbours[3]);
    channel(0, red);
    channel(8, green);
    channel(16, blue);

    if (color == null) {
      store(red, green, blue, WEIGHT_BITS, to, at);
      return;
    }

    shift(WEIGHT_BITS, red);
    shift(WEIGHT_BITS, green);
    shift(WEIGHT_BITS, blue);
    int[] shown = neighbours[0];
    shift(SHOWN, shown);
    color.apply(0, red, green, blue, shown, neighbours[1]);
    color.apply(1, red, green, blue, shown, neighbours[2]);
    color.apply(2, red, green, blue, shown, neighbours[3]);
    store(neighbours[1], neighbours[2], neighbours[3], 0, to, at);
  }

  private static void shift(int bits, int[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] >>= bits;
    }
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
      weights[0][i] = ONE - (xs[i] & MASK);
      weights[1][i] = xs[i] & MASK;
    }

    lines[0].row = -1;
    lines[1].row = -1;
  }

  /**
   * As {@link #row} without a change of colours, bit for bit, for a row of {@link #columns} at one
   * image y within the image: weighed along the image's rows first, which serves several rows of
   * the view.
   */
  void straightRow(double v, byte[] to, int at) {
    int y = sixtyFourth(v, height);
    Line top = line(y >> FRACTION_BITS);
    Line bottom = line((y >> FRACTION_BITS) + 1);
    int below = y & MASK;
    between(top.redBlue, ONE - below, bottom.redBlue, below, 0, red);
    between(top.green, ONE - below, bottom.green, below, 0, green);
    between(top.redBlue, ONE - below, bottom.redBlue, below, 16, blue);
    store(red, green, blue, WEIGHT_BITS, to, at);
  }

  /** An image row's colours at {@link #columns}, times {@link #ONE}; blue 16 bits above red. */
  private static final class Line {
    private final int[] redBlue;
    private final int[] green;
    private int row;

    private Line(int length) {
      this.redBlue = new int[length];
      this.green = new int[length];
    }
  }

  private Line line(int row) {
    Line line = lines[row & 1];

    if (line.row != row) {
      int[] left = neighbours[0];
      int[] right = neighbours[1];
      fetch(pixels, corners, row * stride, left, right);
      along(left, weights[0], right, weights[1], 0, 0xff00ff, line.redBlue);
      along(left, weights[0], right, weights[1], 8, 0xff, line.green);
      line.row = row;
    }

    return line;
  }

  private static void along(int[] a, int[] wa, int[] b, int[] wb, int shift, int mask, int[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (a[i] >> shift & mask) * wa[i] + (b[i] >> shift & mask) * wb[i];
    }
  }

  private static void between(int[] a, int wa, int[] b, int wb, int shift, int[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (a[i] >> shift & 0xffff) * wa + (b[i] >> shift & 0xffff) * wb + HALF;
    }
  }

  /**
   * Positions in 1/64 pixel from the centre of the border's first pixel, rounded to nearest: the
   * sum with {@link #INTEGER} has the rounded number in its lowest bits.
   */
  private void sixtyFourths(double[] normalised, int size, int[] to) {
    double scale = scale(size);
    double offset = offset(size);

    for (int i = 0; i < exact.length; i++) {
      exact[i] = normalised[i] * scale + offset;
    }

    for (int i = 0; i < to.length; i++) {
      to[i] = (int) Double.doubleToRawLongBits(exact[i]);
    }
  }

  private static int sixtyFourth(double normalised, int size) {
    return (int) Double.doubleToRawLongBits(normalised * scale(size) + offset(size));
  }

  private static double scale(int size) {
    return 0.5 * size * ONE;
  }

  private static double offset(int size) {
    return scale(size) + 0.5 * ONE + INTEGER;
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
    int[] w00 = weights[0];
    int[] w01 = weights[1];
    int[] w10 = weights[2];
    int[] w11 = weights[3];
    int rowLength = stride;

    for (int i = 0; i < corner.length; i++) {
      corner[i] = (y[i] >> FRACTION_BITS) * rowLength + (x[i] >> FRACTION_BITS);
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

  /** The pixels {@code from} further than the corners, and those to their right. */
  private static void fetch(int[] image, int[] corners, int from, int[] left, int[] right) {
    for (int i = 0; i < corners.length; i++) {
      int p = from + corners[i];
      left[i] = image[p];
      right[i] = image[p + 1];
    }
  }

  /** The four neighbours' values of one channel, weighed. */
  private void channel(int shift, int[] to) {
    along(neighbours[0], weights[0], neighbours[1], weights[1], shift, 0xff, to);
    addAlong(neighbours[2], weights[2], neighbours[3], weights[3], shift, to);
  }

  private static void addAlong(int[] a, int[] wa, int[] b, int[] wb, int shift, int[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += (a[i] >> shift & 0xff) * wa[i] + (b[i] >> shift & 0xff) * wb[i] + HALF;
    }
  }

  /**
   * Joins the channels after a shift to the right; each pixel is written with one byte too many,
   * which the next replaces.
   */
  private static void store(int[] r, int[] g, int[] b, int shift, byte[] to, int at) {
    int last = r.length - 1;
    int out = at;

    for (int i = 0; i < r.length; i++) {
      r[i] = r[i] >> shift | g[i] >> shift << 8 | b[i] >> shift << 16;
    }

    for (int i = 0; i < last; i++) {
      WORD.set(to, out, r[i]);
      out += 3;
    }

    to[out] = (byte) r[last];
    to[out + 1] = (byte) (r[last] >> 8);
    to[out + 2] = (byte) (r[last] >> 16);
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
