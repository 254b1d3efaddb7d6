package org.denseflow.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
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
}
