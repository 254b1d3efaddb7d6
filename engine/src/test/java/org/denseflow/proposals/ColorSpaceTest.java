package org.denseflow.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.denseflow.image.RgbImage;
import org.junit.jupiter.api.Test;

/** Colours whose coordinates are known. */
class ColorSpaceTest {

  private static float[] of(ColorSpace space, int r, int g, int b) {
    return space.of(new RgbImage(1, 1, new byte[] {(byte) r, (byte) g, (byte) b})).values();
  }

  private static void assertLab(int r, int g, int b, double lightness, double red, double yellow) {
    float[] lab = of(ColorSpace.LAB, r, g, b);
    assertThat(lab[0] / 2.55).isCloseTo(lightness, within(0.05));
    assertThat(lab[1] - 128.0).isCloseTo(red, within(0.05));
    assertThat(lab[2] - 128.0).isCloseTo(yellow, within(0.05));
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
  void opponentAndNormalisedColours() {
    assertThat(of(ColorSpace.OPPONENT, 255, 0, 0)).containsExactly(255, 191.25f, 85);
    assertThat(of(ColorSpace.RGI, 100, 50, 50)).containsExactly(127.5f, 63.75f, 200f / 3);
  }
}
