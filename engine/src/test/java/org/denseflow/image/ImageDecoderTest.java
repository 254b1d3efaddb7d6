package org.denseflow.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "gif", "bmp"})
  void noTruncationIsAnImage(String format) throws IOException {
    byte[] bytes = encode(picture(BufferedImage.TYPE_INT_RGB), format);

    for (int percent = 0; percent < 100; percent++) {
      byte[] cut = Arrays.copyOf(bytes, (int) (bytes.length * percent / 101.0));
      assertThatThrownBy(() -> ImageDecoder.decode(cut, ImageLimits.DEFAULT))
          .as("%s cut to %d of %d bytes", format, cut.length, bytes.length)
          .isInstanceOf(ImageException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftypheic", "ftypmif1\0\0\0\0mif1heic", "ftypavif", "ftypmsf1"})
  void heicAndAvifAreToBeConverted(String head) {
    byte[] bytes = ("\0\0\0\u0018" + head + "\0".repeat(40)).getBytes(ISO_8859_1);

    assertThatThrownBy(() -> ImageDecoder.decode(bytes, ImageLimits.DEFAULT))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("HEIC and AVIF cannot be read; convert it to JPEG or PNG");
  }

  /** Found by damaging files at random: a table of all values of a sample was made. */
  @Test
  void tiffSamplesOfAnImpossibleDepthAreRefused() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/images/hostile.tiff")) {
      byte[] bytes = in.readAllBytes();
      assertThatThrownBy(() -> ImageDecoder.decode(bytes, ImageLimits.DEFAULT))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("bits");
    }
  }

  /**
   * Found by damaging files at random: 48 bytes whose missing rest was taken for zeros, for
   * minutes.
   */
  @Test
  @Timeout(20)
  void aWebpThatDoesNotEndIsTruncated() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/images/endless.webp")) {
      byte[] bytes = in.readAllBytes();
      assertThatThrownBy(() -> ImageDecoder.decode(bytes, ImageLimits.DEFAULT))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("the data end before the picture does");
    }
  }

  @Test
  void losslessFormatsKeepEveryPixel() throws Exception {
    BufferedImage picture = picture(BufferedImage.TYPE_INT_RGB);

    for (String format : new String[] {"png", "bmp"}) {
      RgbImage image = ImageDecoder.decode(encode(picture, format), ImageLimits.DEFAULT).image();
      assertThat(image.at(17, 5, 0)).isEqualTo(picture.getRGB(17, 5) >> 16 & 0xff);
      assertThat(image.at(17, 5, 2)).isEqualTo(picture.getRGB(17, 5) & 0xff);
    }
  }

  @Test
  void transparencyLiesOverWhite() throws Exception {
    BufferedImage picture = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    picture.setRGB(0, 0, 0x00ff0000);
    picture.setRGB(1, 0, 0xff0000ff);
    RgbImage image = ImageDecoder.decode(encode(picture, "png"), ImageLimits.DEFAULT).image();
    assertThat(image.pixels()).isEqualTo(bytes(255, 255, 255, 0, 0, 255));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_USHORT_GRAY,
        BufferedImage.TYPE_BYTE_BINARY
      })
  void everyPixelTypeBecomesRgb(int type) throws Exception {
    RgbImage image = ImageDecoder.decode(encode(picture(type), "png"), ImageLimits.DEFAULT).image();
    assertThat(image.width()).isEqualTo(40);
    assertThat(image.pixels()).hasSize(40 * 30 * 3);
  }

  @Test
  void limitsAreKept() throws IOException {
    byte[] png = encode(picture(BufferedImage.TYPE_INT_RGB), "png");
    assertCode(png, new ImageLimits(png.length - 1, 1 << 20, 100), "image.too-many-bytes");
    assertCode(png, new ImageLimits(1 << 20, 40 * 30 - 1, 100), "image.too-many-pixels");
    assertCode(png, new ImageLimits(1 << 20, 1 << 20, 39), "image.too-many-pixels");
    assertCode(new byte[0], ImageLimits.DEFAULT, "image.empty");
    assertCode("<html>".getBytes(), ImageLimits.DEFAULT, "image.unknown-format");
  }

  @Test
  void encodersRoundTrip() throws Exception {
    RgbImage image =
        ImageDecoder.decode(encode(picture(BufferedImage.TYPE_INT_RGB), "png"), ImageLimits.DEFAULT)
            .image();
    assertThat(ImageDecoder.decode(ImageEncoder.png(image), ImageLimits.DEFAULT).image().pixels())
        .isEqualTo(image.pixels());
    boolean[] inside = {true, false, false, true, true, false};
    Mask mask = new Mask(3, 2, inside);
    assertThat(
            MaskDecoder.decode(
                    ImageEncoder.png(mask), ImageLimits.DEFAULT, Orientation.UPRIGHT, MaskRule.AUTO)
                .inside())
        .isEqualTo(inside);
  }

  @Test
  void colouredLabelsAreMasks() {
    byte[] pixels = {(byte) 128, 0, 0, 127, 127, 127, 0, 0, (byte) 200, 10, 20, 30};
    assertThat(MaskDecoder.of(new RgbImage(4, 1, pixels)).inside())
        .containsExactly(true, false, true, false);
  }

  private static void assertCode(byte[] bytes, ImageLimits limits, String code) {
    assertThatThrownBy(() -> ImageDecoder.decode(bytes, limits))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];

    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }

    return bytes;
  }

  private static BufferedImage picture(int type) {
    BufferedImage image = new BufferedImage(40, 30, type);

    for (int i = 0; i < 1200; i++) {
      image.setRGB(i % 40, i / 40, 0xff000000 | i * 2654435);
    }

    return image;
  }

  private static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }
}
