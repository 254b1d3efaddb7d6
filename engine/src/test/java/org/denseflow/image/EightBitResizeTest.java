package org.denseflow.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Bytes that Pillow 12.3's {@code Image.resize(size, Image.BILINEAR)} gives for a made picture. */
class EightBitResizeTest {
  private static final RgbImage MADE = made(13, 9);

  @Test
  void smallerInBothDirections() {
    RgbImage small = EightBitResize.of(MADE, 5, 4);

    assertThat(red(small))
        .containsExactly(
            115, 140, 135, 89, 150, 133, 117, 123, 122, 134, 124, 119, 129, 100, 103, 116, 145, 138,
            149, 132);
    assertThat(sum(small)).isEqualTo(7759);
  }

  @Test
  void widerAndLower() {
    RgbImage wide = EightBitResize.of(MADE, 17, 3);

    assertThat(red(wide))
        .startsWith(
            82, 120, 138, 139, 159, 134, 120, 123, 143, 139, 118, 89, 65, 110, 155, 165, 141)
        .endsWith(86, 97, 195);
    assertThat(sum(wide)).isEqualTo(19683);
  }

  @Test
  void oneDirectionAlone() {
    RgbImage low = EightBitResize.of(MADE, 13, 2);

    assertThat(red(low))
        .startsWith(94, 150, 127, 136, 120, 115, 139, 123, 139, 51, 125, 177, 111)
        .endsWith(143, 77, 159);
    assertThat(sum(low)).isEqualTo(10030);
    assertThat(EightBitResize.of(MADE, 13, 9).pixels()).isEqualTo(MADE.pixels());
  }

  private static RgbImage made(int width, int height) {
    byte[] pixels = new byte[3 * width * height];

    for (int i = 0; i < pixels.length; i++) {
      int x = i / 3 % width;
      int y = i / 3 / width;
      pixels[i] = (byte) (37 * x + 91 * y + 53 * (i % 3) + 17 * x * y);
    }

    return new RgbImage(width, height, pixels);
  }

  private static int[] red(RgbImage image) {
    int[] red = new int[image.width() * image.height()];
    java.util.Arrays.setAll(red, i -> image.pixels()[3 * i] & 0xff);
    return red;
  }

  private static int sum(RgbImage image) {
    int sum = 0;

    for (byte pixel : image.pixels()) {
      sum += pixel & 0xff;
    }

    return sum;
  }
}
