package org.denseflow.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ResizeTest {

  @Test
  void roundsToTheNearestIntegerAndHalvesUp() {
    byte[] pixels = new byte[3 * 64 * 48];
    new Random(1).nextBytes(pixels);
    RgbImage image = new RgbImage(64, 48, pixels);
    int halves = 0;

    for (int[] size : new int[][] {{32, 24}, {16, 48}, {37, 31}, {64, 47}}) {
      float[] exact = Resize.toFloat(image, size[0], size[1]).values();
      byte[] rounded = Resize.toRgb(image, size[0], size[1]).pixels();

      for (int i = 0; i < exact.length; i++) {
        assertThat(rounded[i] & 0xff).isEqualTo((int) Math.floor((double) exact[i] + 0.5));
        halves += exact[i] - Math.floor(exact[i]) == 0.5 ? 1 : 0;
      }
    }

    assertThat(halves).isPositive();
  }

  /**
   * Pillow 12.3 on single-precision numbers: {@code y, x = numpy.mgrid[0:9, 0:13]; red = ((37*x +
   * 91*y + 17*x*y) & 255).astype('f4'); numpy.asarray(Image.fromarray(red).resize((width, height),
   * Image.BILINEAR))}.
   */
  @Test
  void numbersAreThoseOfPillow() {
    assertThat(red(5, 4))
        .containsExactly(
            new float[] {
              114.531f, 139.958f, 134.900f, 88.377f, 150.463f, 132.984f, 117.432f, 123.212f,
              122.159f, 134.402f, 124.070f, 118.670f, 129.162f, 99.962f, 102.945f, 115.549f,
              144.512f, 137.586f, 148.816f, 132.630f
            },
            Offset.offset(1e-3f));
    assertThat(Arrays.copyOf(red(17, 12), 30))
        .containsExactly(
            new float[] {
              0, 23.941f, 52.235f, 80.529f, 108.824f, 137.118f, 165.412f, 193.706f, 222, 54.529f,
              22.588f, 50.882f, 79.176f, 107.471f, 135.765f, 164.059f, 188, 56.875f, 87.691f,
              124.110f, 160.529f, 196.949f, 120.426f, 109.787f, 146.206f, 182.625f, 145.632f,
              74.757f, 35.882f, 72.301f
            },
            Offset.offset(1e-3f));
    assertThat(sum(red(17, 12))).isCloseTo(25505.41, Offset.offset(0.02));
    assertThat(Arrays.copyOf(red(20, 3), 10))
        .containsExactly(
            new float[] {
              81.750f, 109.419f, 139.281f, 135.544f, 145.406f, 157.669f, 133.131f, 120.594f,
              117.656f, 134.719f
            },
            Offset.offset(1e-3f));
    assertThat(sum(red(20, 3))).isCloseTo(7515.64, Offset.offset(0.02));
  }

  private static float[] red(int width, int height) {
    byte[] pixels = new byte[3 * 13 * 9];

    for (int i = 0; i < pixels.length; i += 3) {
      int x = i / 3 % 13;
      int y = i / 3 / 13;
      pixels[i] = (byte) (37 * x + 91 * y + 17 * x * y);
    }

    float[] values = Resize.toFloat(new RgbImage(13, 9, pixels), width, height).values();
    float[] red = new float[width * height];

    for (int i = 0; i < red.length; i++) {
      red[i] = values[3 * i];
    }

    return red;
  }

  private static double sum(float[] values) {
    double sum = 0;

    for (float value : values) {
      sum += value;
    }

    return sum;
  }
}
