package org.denseflow.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.denseflow.image.RgbImage;
import org.junit.jupiter.api.Test;

/** Colours whose coordinates are known. */
class ColorSpaceTest {

  private static int[] of(ColorSpace space, int r, int g, int b) {
    RgbImage pixel = new RgbImage(1, 1, new byte[] {(byte) r, (byte) g, (byte) b});
    RgbImage converted = space.of(pixel);
    return new int[] {converted.at(0, 0, 0), converted.at(0, 0, 1), converted.at(0, 0, 2)};
  }

  private static void assertLab(int r, int g, int b, double lightness, double red, double yellow) {
    int[] lab = of(ColorSpace.LAB, r, g, b);
    assertThat((double) lab[0]).isCloseTo(2.55 * lightness, within(1.0));
    assertThat(lab[1] - 128.0).isCloseTo(red, within(1.0));
    assertThat(lab[2] - 128.0).isCloseTo(yellow, within(1.0));
  }

  @Test
  void labOfPrimariesAndGreys() {
    assertLab(255, 255, 255, 100, 0, 0);
    assertLab(0, 0, 0, 0, 0, 0);
    assertLab(255, 0, 0, 53.24, 80.09, 67.20);
    assertLab(0, 0, 255, 32.30, 79.19, -107.86);
    assertLab(119, 119, 119, 50.03, 0, 0);
  }

  @Test
  void hueIsAFullTurn() {
    assertThat(of(ColorSpace.HSV, 255, 0, 0)).containsExactly(0, 255, 255);
    assertThat(of(ColorSpace.HSV, 0, 200, 0)).containsExactly(85, 255, 200);
    assertThat(of(ColorSpace.HSV, 128, 128, 255)).containsExactly(171, 127, 255);
  }

  @Test
  void opponentAndNormalisedColours() {
    assertThat(of(ColorSpace.OPPONENT, 255, 0, 0)).containsExactly(255, 191, 85);
    assertThat(of(ColorSpace.OPPONENT, 0, 0, 255)).containsExactly(128, 0, 85);
    assertThat(of(ColorSpace.RGI, 100, 50, 50)).containsExactly(128, 64, 67);
    assertThat(of(ColorSpace.RGI, 0, 0, 0)).containsExactly(0, 0, 0);
  }

  @Test
  void rgbIsTheImageItself() {
    RgbImage image = TestImages.noise(5, 4, 1);
    assertThat(ColorSpace.RGB.of(image)).isSameAs(image);
  }
}
