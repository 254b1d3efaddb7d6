package org.denseflow.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Colour changes against hand-computed cases and the matrix itself. */
class ColorTest {

  @Test
  void jitterIsBrightnessThenContrastThenSaturation() {
    // brightness 1.1 of (100, 50, 200); contrast 0.5 around the brightened mean grey 1.1 · 80
    double[] m = ColorMatrix.jitter(1.1, 0.5, 1, 0, 80).m();
    assertThat(apply(m, 0, 100, 50, 200)).isCloseTo(0.5 * 110 + 0.5 * 88, within(1e-2));
    assertThat(apply(m, 1, 100, 50, 200)).isCloseTo(0.5 * 55 + 0.5 * 88, within(1e-2));
    // no saturation leaves grey: 0.299 · 100 + 0.587 · 50 + 0.114 · 200
    double[] grey = ColorMatrix.jitter(1, 1, 0, 0, 80).m();

    for (int c = 0; c < 3; c++) {
      assertThat(apply(grey, c, 100, 50, 200)).isCloseTo(82.05, within(1e-2));
    }
  }

  @Test
  void hueKeepsGreyAndAThirdOfATurnMovesRedTowardsAnotherPrimary() {
    double[] m = ColorMatrix.jitter(1, 1, 1, 1 / 3.0, 80).m();
    assertThat(apply(m, 0, 90, 90, 90)).isCloseTo(90, within(0.05));
    assertThat(apply(m, 1, 90, 90, 90)).isCloseTo(90, within(0.05));
    assertThat(apply(m, 0, 200, 0, 0)).isLessThan(apply(m, 1, 200, 0, 0));
    double[] full = ColorMatrix.jitter(1, 1, 1, 1, 80).m();

    for (int i = 0; i < 12; i++) {
      assertThat(full[i]).isCloseTo(i % 5 == 0 && i < 11 ? 1 : 0, within(1e-3));
    }
  }

  @Test
  void changedPixelsAreTheRoundedAndClippedProduct() {
    Random random = new Random(1);
    int[][] rgb = new int[3][1000];
    int[] shown = new int[1000];

    for (int i = 0; i < shown.length; i++) {
      shown[i] = i % 7 == 0 ? 0 : 1;

      for (int c = 0; c < 3; c++) {
        rgb[c][i] = shown[i] * random.nextInt(256);
      }
    }

    for (double range : new double[] {0, 0.1, 0.5, 1}) {
      double mean = 255 * random.nextDouble();
      ColorMatrix matrix = ColorMatrix.jitter(1 + range, 1 + range, 1 + range, 0.2 * range, mean);

      int[] redBlue = new int[shown.length];
      int[] greenShown = new int[shown.length];
      Arrays.setAll(redBlue, i -> rgb[0][i] | rgb[2][i] << 16);
      Arrays.setAll(greenShown, i -> rgb[1][i] | shown[i] << 16);
      new ColorChange(matrix, shown.length).apply(redBlue, greenShown, 0, shown.length);

      for (int i = 0; i < shown.length; i++) {
        for (int c = 0; c < 3; c++) {
          double exact = shown[i] * apply(matrix.m(), c, rgb[0][i], rgb[1][i], rgb[2][i]);
          assertThat((double) (redBlue[i] >>> 8 * c & 0xff))
              .isCloseTo(Math.max(0, Math.min(255, exact)), within(0.51));
        }
      }
    }
  }

  private static double apply(double[] m, int row, double r, double g, double b) {
    return m[4 * row] * r + m[4 * row + 1] * g + m[4 * row + 2] * b + m[4 * row + 3];
  }
}
