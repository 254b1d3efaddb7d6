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
 * pixel centres, with the position rounded to 1/64 pixel; first along the rows, rounded to 1/4 grey
 * level, then between them; in whole numbers, so that the result is the same on every machine.
 * Masks are read at the nearest pixel.
 *
 * <p>The image is held with a border of one pixel, each side's edge repeated, and positions beyond
 * the edges are mirrored back, or sent to black pixels that lie below the image: so every position
 * has four neighbours, and no pixel of a view needs a look at the border. Each row is done in short
 * loops of one kind of work, since only such are made vector instructions of; only the fetching of
 * neighbours is not. Two colours share an integer, 16 bits each. Not safe for use by several
 * threads.
 */
final class Sampler {
  private static final int FRACTION_BITS = RowPositions.FRACTION_BITS;
  private static final int ONE = RowPositions.ONE;
  private static final int MASK = ONE - 1;

  /** Between the two blends a colour has this many bits behind the point. */
  private static final int KEPT_BITS = 2;

  /** The two halves of an integer, with a colour each, and with one between the blends. */
  private static final int COLORS = 0xff_00ff;

  private static final int BLENDED = 0x3ff_03ff;
  private static final int HALVES = 0x1_0001;
  private static final int DROPPED_BITS = FRACTION_BITS - KEPT_BITS;
  private static final int ROUND = HALVES << DROPPED_BITS - 1;
  private static final int LAST_BITS = FRACTION_BITS + KEPT_BITS;
  private static final int LAST_ROUND = HALVES << LAST_BITS - 1;

  /** The bit that is set in the image's pixels and not in the black ones beyond. */
  private static final int SHOWN = 24;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final RowPositions positions;
  private final int[] xs;
  private final int[] ys;
  private final int[] corners;
  private final int[][] neighbours;
  private final int[] redBlue;
  private final int[] greenShown;
  private final int[] lower;
  private final Line[] lines;
  private int width;
  private int height;
  private int stride;
  private int[] pixels = new int[0];

  /** Samples rows of this many pixels. */
  Sampler(int length) {
    this.positions = new RowPositions(length);
    this.xs = positions.x();
    this.ys = positions.y();
    this.corners = new int[length];
    this.neighbours = new int[4][length];
    this.redBlue = new int[length];
    this.greenShown = new int[length];
    this.lower = new int[length];
    this.lines = new Line[] {new Line(length), new Line(length)};
  }

  /** Takes an image to sample from. */
  void load(RgbImage image) {
    width = image.width();
    height = image.height();
    stride = width + 2;
    positions.within(width, height);

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

  /**
   * Red in the lowest byte, then green, blue, and {@link #SHOWN}. All but the last pixel are read
   * with one byte too many, which is taken away.
   */
  private static void pack(byte[] rgb, int from, int[] to, int at, int count) {
    int last = count - 1;

    for (int i = 0; i < last; i++) {
      to[at + i] = (int) WORD.get(rgb, from + 3 * i) & 0xffffff | 1 << SHOWN;
    }

    int p = from + 3 * last;
    to[at + last] =
        rgb[p] & 0xff | (rgb[p + 1] & 0xff) << 8 | (rgb[p + 2] & 0xff) << 16 | 1 << SHOWN;
  }

  /** Where the pixels of the next row look; to be placed before {@link #row}. */
  RowPositions positions() {
    return positions;
  }

  /**
   * Samples the row that was placed.
   *
   * @param color how the sampled colours are changed, null for not at all
   * @param to RGB bytes from {@code at} on
   */
  void row(Padding padding, ColorChange color, byte[] to, int at) {
    boolean black = padding == Padding.ZEROS;
    boolean cut = black && positions.isStraight();
    int first = cut ? positions.from() : 0;
    int behind = cut ? positions.to() : xs.length;

    if (!black) {
      positions.mirror();
    }

    findCorners(first, behind);

    if (black && !cut) {
      blacken();
    }

    fetch(pixels, corners, stride, first, behind, neighbours);
    blend(0, first, behind, redBlue);
    blend(8, first, behind, greenShown);

    if (color == null) {
      join(redBlue, greenShown);
    } else {
      color.apply(redBlue, greenShown, first, behind);
    }

    Arrays.fill(to, at, at + 3 * first, (byte) 0);
    store(redBlue, first, behind, to, at);
    Arrays.fill(to, at + 3 * behind, at + 3 * xs.length, (byte) 0);
  }

  /**
   * Prepares {@link #straightRow}: the columns that the pixels of every row look at, all within the
   * image.
   */
  void columns(double u, double du) {
    positions.placeColumns(u, du);

    for (int i = 0; i < xs.length; i++) {
      corners[i] = xs[i] >> FRACTION_BITS;
    }

    lines[0].row = -1;
    lines[1].row = -1;
  }

  /**
   * As {@link #row} without a change of colours, bit for bit, for a row of {@link #columns} at one
   * image y within the image: what is blended along an image row serves several rows of the view.
   */
  void straightRow(double v, byte[] to, int at) {
    positions.placeRow(v);
    int y = ys[0];
    Line top = line(y >> FRACTION_BITS);
    Line bottom = line((y >> FRACTION_BITS) + 1);
    between(top.redBlue, bottom.redBlue, ys, 0, xs.length, redBlue);
    between(top.greenShown, bottom.greenShown, ys, 0, xs.length, greenShown);
    join(redBlue, greenShown);
    store(redBlue, 0, xs.length, to, at);
  }

  /** An image row blended at {@link #columns}. */
  private static final class Line {
    private final int[] redBlue;
    private final int[] greenShown;
    private int row;

    private Line(int length) {
      this.redBlue = new int[length];
      this.greenShown = new int[length];
    }
  }

  private Line line(int row) {
    Line line = lines[row & 1];

    if (line.row != row) {
      int[] left = neighbours[0];
      int[] right = neighbours[1];
      int from = row * stride;

      for (int i = 0; i < left.length; i++) {
        left[i] = pixels[from + corners[i]];
        right[i] = pixels[from + corners[i] + 1];
      }

      along(left, right, 0, 0, left.length, line.redBlue);
      along(left, right, 8, 0, left.length, line.greenShown);
      line.row = row;
    }

    return line;
  }

  /**
   * The four neighbours' colours blended, those in the integers' bits from {@code shift} on and 16
   * bits higher.
   */
  private void blend(int shift, int first, int behind, int[] to) {
    along(neighbours[0], neighbours[1], shift, first, behind, to);
    along(neighbours[2], neighbours[3], shift, first, behind, lower);
    between(to, lower, ys, first, behind, to);
  }

  /** A difference of halves may borrow from its neighbour; the sum it goes into gives that back. */
  private void along(int[] left, int[] right, int shift, int first, int behind, int[] to) {
    int[] x = xs;

    for (int i = first; i < behind; i++) {
      int l = left[i] >>> shift & COLORS;
      int r = right[i] >>> shift & COLORS;
      to[i] = (l << FRACTION_BITS) + (r - l) * (x[i] & MASK) + ROUND >>> DROPPED_BITS & BLENDED;
    }
  }

  private static void between(int[] top, int[] bottom, int[] y, int first, int behind, int[] to) {
    for (int i = first; i < behind; i++) {
      int sum = (top[i] << FRACTION_BITS) + (bottom[i] - top[i]) * (y[i] & MASK);
      to[i] = sum + LAST_ROUND >>> LAST_BITS & COLORS;
    }
  }

  /** The first of the four neighbours of each position. */
  private void findCorners(int first, int behind) {
    int[] x = xs;
    int[] y = ys;
    int[] corner = corners;
    int rowLength = stride;

    for (int i = first; i < behind; i++) {
      corner[i] = (y[i] >> FRACTION_BITS) * rowLength + (x[i] >> FRACTION_BITS);
    }
  }

  /** Directs pixels that look beyond the image to the black ones below it. */
  private void blacken() {
    int[] x = xs;
    int[] y = ys;
    int[] corner = corners;
    int sideX = width * ONE;
    int sideY = height * ONE;
    int black = stride * (height + 2);

    for (int i = 0; i < corner.length; i++) {
      int insideX = sideX - Math.abs(2 * x[i] - ONE - sideX);
      int insideY = sideY - Math.abs(2 * y[i] - ONE - sideY);
      int beyond = (insideX | insideY) >> 31;
      corner[i] += (black - corner[i]) & beyond;
    }
  }

  /** The four neighbours of each position, row by row. */
  private static void fetch(
      int[] image, int[] corners, int stride, int first, int behind, int[][] to) {
    int[] topLeft = to[0];
    int[] topRight = to[1];
    int[] bottomLeft = to[2];
    int[] bottomRight = to[3];

    for (int i = first; i < behind; i++) {
      int top = corners[i];
      int bottom = top + stride;
      topLeft[i] = image[top];
      topRight[i] = image[top + 1];
      bottomLeft[i] = image[bottom];
      bottomRight[i] = image[bottom + 1];
    }
  }

  private static void join(int[] redBlue, int[] greenShown) {
    for (int i = 0; i < redBlue.length; i++) {
      redBlue[i] |= greenShown[i] << 8;
    }
  }

  /** Each pixel is written with one byte too many, which the next replaces. */
  private static void store(int[] rgb, int first, int behind, byte[] to, int at) {
    if (first == behind) {
      return;
    }

    int last = behind - 1;
    int out = at + 3 * first;

    for (int i = first; i < last; i++) {
      WORD.set(to, out, rgb[i]);
      out += 3;
    }

    to[out] = (byte) rgb[last];
    to[out + 1] = (byte) (rgb[last] >> 8);
    to[out + 2] = (byte) (rgb[last] >> 16);
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
