package org.denseflow.synthesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.denseflow.image.RgbImage;
import org.denseflow.synthesis.PairParameters.Padding;
import org.junit.jupiter.api.Test;

/** The sampler against pixels looked up one by one. */
class SamplerTest {
  private static final int LENGTH = 37;

  /** 1/64 pixel of a 211x97 image in normalised x and y. */
  private static final double[] UNITS = {2.0 / 64 / 211, 2.0 / 64 / 97};

  private final Random random = new Random(9);

  @Test
  void rowsAreBilinearWithPositionsIn64thsAndMirroredBorders() {
    RgbImage image = noise(13, 9);

    for (double reach : new double[] {0.8, 1.2, 2.9}) {
      for (int repeat = 0; repeat < 20; repeat++) {
        double[] u = positions(reach);
        double[] v = positions(reach);
        byte[] mirrored = row(image, u, v, Padding.SYMMETRIC);
        byte[] black = row(image, u, v, Padding.ZEROS);

        for (int i = 0; i < LENGTH; i++) {
          boolean outside = outside(u[i], 13) || outside(v[i], 9);

          for (int c = 0; c < 3; c++) {
            int expected = bilinear(image, sixtyFourths(u[i], 13), sixtyFourths(v[i], 9), c);
            assertThat(mirrored[3 * i + c] & 0xff).isEqualTo(expected);
            assertThat(black[3 * i + c] & 0xff).isEqualTo(outside ? 0 : expected);
          }
        }
      }
    }
  }

  @Test
  void twoSidesAwayFromTheFirstEdgeItsPixelIsRepeated() {
    RgbImage image = noise(13, 9);

    for (double far : new double[] {3.5, 40, -5.5, -40}) {
      double[] u = positions(1);
      double[] v = positions(1);
      Arrays.fill(u, 0, LENGTH / 2, far);
      Arrays.fill(v, LENGTH / 2, LENGTH, far);
      double[] first = {-1 + 1.0 / 13, -1 + 1.0 / 9};
      double[] nearU = u.clone();
      double[] nearV = v.clone();
      Arrays.fill(nearU, 0, LENGTH / 2, first[0]);
      Arrays.fill(nearV, LENGTH / 2, LENGTH, first[1]);
      assertThat(row(image, u, v, Padding.SYMMETRIC))
          .isEqualTo(row(image, nearU, nearV, Padding.SYMMETRIC));
      assertThat(row(image, u, v, Padding.ZEROS)).containsOnly(0);
    }
  }

  @Test
  void theWayForStraightCropsGivesTheSameBytes() {
    RgbImage image = noise(31, 17);
    Sampler sampler = new Sampler(LENGTH);
    sampler.load(image);

    for (double[] span : new double[][] {{-1, 1}, {1, -1}, {-0.5, 0.2}, {0.3, 0.31}}) {
      double step = (span[1] - span[0]) / LENGTH;

      for (double y : new double[] {-1, -0.97, 0.1234, 0.99, 1}) {
        byte[] general = new byte[3 * LENGTH];
        byte[] straight = new byte[3 * LENGTH];
        sampler.positions().place(span[0], step, y, 0);
        sampler.row(Padding.ZEROS, null, general, 0);
        sampler.columns(span[0], step);
        sampler.straightRow(y, straight, 0);
        assertThat(straight).isEqualTo(general);
      }
    }
  }

  @Test
  void straightRowsLookWhereTheirPixelsSay() {
    for (int repeat = 0; repeat < 100; repeat++) {
      double[] line = {around(1.5), around(0.05), around(1.5), around(0.05)};
      assertStraightRowLooksWhereItsPixelsSay(line);
    }
  }

  @Test
  void straightRowsAreCutAtTheEdgesToThe64thOfAPixel() {
    for (int side = 0; side < 2; side++) {
      for (double edge : new double[] {-1, 1}) {
        for (int sixtyFourths : new int[] {-3, -1, 0, 1, 3}) {
          double step = sixtyFourths * UNITS[side];
          double[] line = {0, 0, 0, 0};
          line[2 * side] = edge - step * (LENGTH / 2);
          line[2 * side + 1] = step;
          assertStraightRowLooksWhereItsPixelsSay(line);
          line[2 * side] += UNITS[side];
          assertStraightRowLooksWhereItsPixelsSay(line);
          line[2 * side] -= 2 * UNITS[side];
          assertStraightRowLooksWhereItsPixelsSay(line);
        }
      }
    }
  }

  /** Takes u, the step in u, v and the step in v. */
  private void assertStraightRowLooksWhereItsPixelsSay(double[] line) {
    Sampler sampler = new Sampler(LENGTH);
    sampler.load(noise(211, 97));
    double[] exact = new double[4];
    double[] u = new double[LENGTH];
    double[] v = new double[LENGTH];

    // In the middle of a 64th, where neither way of rounding can go to the next.
    for (int i = 0; i < 4; i++) {
      double unit = UNITS[i / 2];
      exact[i] = Math.rint(line[i] / unit) * unit + (i % 2 == 0 ? unit / 8 : 0);
    }

    for (int i = 0; i < LENGTH; i++) {
      u[i] = exact[0] + i * exact[1];
      v[i] = exact[2] + i * exact[3];
    }

    byte[] general = new byte[3 * LENGTH];
    byte[] straight = new byte[3 * LENGTH];
    Arrays.fill(straight, (byte) 1);
    sampler.positions().place(u, v);
    sampler.row(Padding.ZEROS, null, general, 0);
    sampler.positions().place(exact[0], exact[1], exact[2], exact[3]);
    sampler.row(Padding.ZEROS, null, straight, 0);
    assertThat(straight).isEqualTo(general);
  }

  private static byte[] row(RgbImage image, double[] u, double[] v, Padding padding) {
    Sampler sampler = new Sampler(LENGTH);
    sampler.load(noise(40, 40, new Random(1)));
    sampler.load(image);
    byte[] result = new byte[3 * LENGTH + 2];
    sampler.positions().place(u, v);
    sampler.row(padding, null, result, 2);
    return Arrays.copyOfRange(result, 2, result.length);
  }

  private static int sixtyFourths(double normalised, int size) {
    return (int) Math.rint(((normalised + 1) / 2 * size - 0.5) * 64);
  }

  private static boolean outside(double normalised, int size) {
    int position = sixtyFourths(normalised, size);
    return position < -32 || position > 64 * size - 32;
  }

  private static int bilinear(RgbImage image, int x, int y, int c) {
    int x0 = Math.floorDiv(x, 64);
    int y0 = Math.floorDiv(y, 64);
    int fx = x - 64 * x0;
    int fy = y - 64 * y0;
    int top = along(at(image, x0, y0, c), at(image, x0 + 1, y0, c), fx);
    int bottom = along(at(image, x0, y0 + 1, c), at(image, x0 + 1, y0 + 1, c), fx);
    return top * (64 - fy) + bottom * fy + 128 >> 8;
  }

  /** Blended, in 1/4 grey level. */
  private static int along(int left, int right, int fx) {
    return left * (64 - fx) + right * fx + 8 >> 4;
  }

  private static int at(RgbImage image, int x, int y, int c) {
    return image.at(mirrored(x, image.width()), mirrored(y, image.height()), c);
  }

  /** Walks back and forth until it is inside. */
  private static int mirrored(int index, int size) {
    while (index < 0 || index >= size) {
      index = index < 0 ? -1 - index : 2 * size - 1 - index;
    }

    return index;
  }

  private double[] positions(double reach) {
    double[] positions = new double[LENGTH];

    for (int i = 0; i < LENGTH; i++) {
      positions[i] = around(reach);
    }

    return positions;
  }

  private double around(double reach) {
    return reach * (2 * random.nextDouble() - 1);
  }

  private RgbImage noise(int width, int height) {
    return noise(width, height, random);
  }

  private static RgbImage noise(int width, int height, Random random) {
    byte[] pixels = new byte[3 * width * height];
    random.nextBytes(pixels);
    return new RgbImage(width, height, pixels);
  }
}
