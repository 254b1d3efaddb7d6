package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.junit.jupiter.api.Test;

class SoftMaskTest {
  private static final Size SIZE = new Size(40, 4);

  private final Mask left = new Mask(2, 1, new boolean[] {true, false});

  @Test
  void aHardBorderIsTheMaskItself() {
    RgbImage composed = SoftMask.of(left, SIZE, 0).compose(plain(10), plain(200));

    for (int x = 0; x < 40; x++) {
      assertThat(composed.at(x, 2, 1)).isEqualTo(x < 20 ? 200 : 10);
    }
  }

  @Test
  void aSoftBorderFallsOffEvenlyOnBothSides() {
    RgbImage composed = SoftMask.of(left, SIZE, 2).compose(plain(0), plain(200));
    assertThat(composed.at(5, 1, 0)).isEqualTo(200);
    assertThat(composed.at(35, 1, 0)).isZero();

    for (int x = 1; x < 40; x++) {
      assertThat(composed.at(x, 1, 0)).isLessThanOrEqualTo(composed.at(x - 1, 1, 0));
      assertThat(composed.at(x, 1, 0) + composed.at(39 - x, 1, 0)).isBetween(199, 201);
    }
  }

  private static RgbImage plain(int value) {
    byte[] pixels = new byte[3 * SIZE.width() * SIZE.height()];
    Arrays.fill(pixels, (byte) value);
    return new RgbImage(SIZE.width(), SIZE.height(), pixels);
  }
}
