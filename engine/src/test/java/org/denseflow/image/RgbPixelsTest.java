package org.denseflow.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.denseflow.image.MadeFiles.bytes;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import org.denseflow.image.MadeFiles.Chunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored numbers reach the matcher as they are; expected values are Pillow's {@code convert}. */
class RgbPixelsTest {

  @Test
  void greyKeepsItsLevels() throws Exception {
    byte[] levels = bytes(0, 51, 102, 153, 204, 255);
    byte[] expected = grey(0, 51, 102, 153, 204, 255);
    assertPixels(MadeFiles.png(6, 1, 8, MadeFiles.GREY, levels), expected);
    assertPixels(MadeFiles.tiff(6, 1, levels, 258, 8, 262, 1, 277, 1), expected);
    byte[] negative = bytes(255, 204, 153, 102, 51, 0);
    assertPixels(MadeFiles.tiff(6, 1, negative, 258, 8, 262, 0, 277, 1), expected);
    BufferedImage grey = new BufferedImage(6, 1, BufferedImage.TYPE_BYTE_GRAY);
    System.arraycopy(levels, 0, data(grey), 0, 6);

    for (String format : new String[] {"bmp", "gif", "tiff", "png"}) {
      assertPixels(encode(grey, format), expected);
    }
  }

  @Test
  void greyWithAlphaIsNotBrightened() throws Exception {
    byte[] opaque = bytes(51, 255, 102, 255, 204, 255);
    assertPixels(MadeFiles.png(3, 1, 8, MadeFiles.GREY_ALPHA, opaque), grey(51, 102, 204));
    byte[] half = bytes(51, 128, 0, 0, 51, 0);
    // round(51 * 128 / 255 + 127)
    assertPixels(MadeFiles.png(3, 1, 8, MadeFiles.GREY_ALPHA, half), grey(153, 255, 255));
    int two = 8 << 16 | 8;
    assertPixels(
        MadeFiles.tiff(3, 1, opaque, 258, two, 262, 1, 277, 2, 338, 2), grey(51, 102, 204));
    byte[] deep = bytes(51, 200, 255, 255, 102, 3, 255, 255);
    assertPixels(MadeFiles.png(2, 1, 16, MadeFiles.GREY_ALPHA, deep), grey(51, 102));
  }

  @Test
  void aTransparentLevelOfGreyLiesOverWhite() throws Exception {
    Chunk level = new Chunk("tRNS", bytes(0, 51));
    byte[] png = MadeFiles.png(3, 1, 8, MadeFiles.GREY, bytes(51, 102, 204), level);
    assertPixels(png, grey(255, 102, 204));
    Chunk deep = new Chunk("tRNS", bytes(51, 7));
    byte[] two = MadeFiles.png(2, 1, 16, MadeFiles.GREY, bytes(51, 7, 51, 8), deep);
    assertPixels(two, grey(255, 51));
  }

  @ParameterizedTest
  @CsvSource({"1, 170, '255 0 255 0'", "2, 27, '0 85 170 255'"})
  void fewerBitsAreSpread(int depth, int packed, String levels) throws Exception {
    int[] values = Arrays.stream(levels.split(" ")).mapToInt(Integer::parseInt).toArray();
    byte[] png = MadeFiles.png(4, 1, depth, MadeFiles.GREY, bytes(packed));
    assertPixels(png, grey(values));
    byte[] tiff = MadeFiles.tiff(4, 1, bytes(packed), 258, depth, 262, 1, 277, 1);
    assertPixels(tiff, grey(values));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void aTransparentLevelOfFewBitsLiesOverWhite(int level) throws Exception {
    Chunk transparent = new Chunk("tRNS", bytes(0, level));
    byte[] png = MadeFiles.png(4, 1, 2, MadeFiles.GREY, bytes(0b00011011), transparent);
    int[] expected = {0, 85, 170, 255};
    expected[level] = 255;
    assertPixels(png, grey(expected));
  }

  @Test
  void ofSixteenBitsTheUpperEightCount() throws Exception {
    byte[] levels = bytes(51, 255, 102, 0);
    assertPixels(MadeFiles.png(2, 1, 16, MadeFiles.GREY, levels), grey(51, 102));
    byte[] little = bytes(255, 51, 0, 102);
    assertPixels(MadeFiles.tiff(2, 1, little, 258, 16, 262, 1, 277, 1), grey(51, 102));
    byte[] colour = bytes(10, 255, 20, 0, 30, 128);
    assertPixels(MadeFiles.png(1, 1, 16, MadeFiles.RGB, colour), bytes(10, 20, 30));
    byte[] alpha = bytes(10, 255, 20, 0, 30, 128, 255, 255);
    assertPixels(MadeFiles.png(1, 1, 16, MadeFiles.RGB_ALPHA, alpha), bytes(10, 20, 30));
  }

  @ParameterizedTest
  @CsvSource({"1, 64", "2, 16", "4, 1", "8, 0"})
  void palettesAreLookedUp(int depth, int packed) throws Exception {
    Chunk palette = new Chunk("PLTE", bytes(64, 0, 0, 0, 64, 0));
    byte[] samples = depth == 8 ? bytes(0, 1) : bytes(packed);
    byte[] png = MadeFiles.png(2, 1, depth, MadeFiles.PALETTE, samples, palette);
    assertPixels(png, bytes(64, 0, 0, 0, 64, 0));
    Chunk transparent = new Chunk("tRNS", bytes(0));
    byte[] cut = MadeFiles.png(2, 1, depth, MadeFiles.PALETTE, samples, palette, transparent);
    assertPixels(cut, bytes(255, 255, 255, 0, 64, 0));
  }

  @Test
  void aTransparentColourOfAGifLiesOverWhite() throws Exception {
    IndexColorModel palette = new IndexColorModel(1, 2, bytes(9, 8), bytes(7, 6), bytes(5, 4), 1);
    BufferedImage gif = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    data(gif)[0] = 64;
    assertPixels(encode(gif, "gif"), bytes(9, 7, 5, 255, 255, 255));
  }

  /** Written by Pillow: 51, 102, 204 opaque, then with alpha 128. */
  @Test
  void alphaOfAWebpLiesOverWhite() throws Exception {
    byte[] webp =
        HexFormat.of()
            .parseHex(
                "5249464620000000574542505650384c130000002f010000100f30663333ccff038c076444ff0300");
    assertPixels(webp, bytes(51, 102, 204, 153, 178, 229));
  }

  @Test
  void greyJpegsKeepTheirLevels() throws Exception {
    BufferedImage grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    Arrays.fill(data(grey), (byte) 51);
    byte[] expected = new byte[3 * 256];
    Arrays.fill(expected, (byte) 51);
    assertPixels(encode(grey, "jpeg"), expected);
  }

  private static void assertPixels(byte[] file, byte[] expected) throws ImageException {
    assertThat(decode(file).pixels()).isEqualTo(expected);
  }

  private static RgbImage decode(byte[] file) throws ImageException {
    return ImageDecoder.decode(file, ImageLimits.DEFAULT).image();
  }

  private static byte[] grey(int... levels) {
    return bytes(Arrays.stream(levels).flatMap(v -> Arrays.stream(new int[] {v, v, v})).toArray());
  }

  private static byte[] data(BufferedImage image) {
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }

  private static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }
}
