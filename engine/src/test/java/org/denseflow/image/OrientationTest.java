package org.denseflow.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.denseflow.image.MadeFiles.bytes;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import org.denseflow.image.MadeFiles.Chunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrientationTest {
  private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};

  /** What Pillow's {@code ImageOps.exif_transpose} makes of 0 1 2 / 3 4 5. */
  @ParameterizedTest
  @CsvSource({
    "1, 3, 012345", "2, 3, 210543", "3, 3, 543210", "4, 3, 345012",
    "5, 2, 031425", "6, 2, 304152", "7, 2, 524130", "8, 2, 251403"
  })
  void tagsAreFollowed(int tag, int width, String pixels) throws Exception {
    byte[] samples = bytes(0, 1, 2, 3, 4, 5);
    Chunk exif = new Chunk("eXIf", MadeFiles.exif(tag));
    byte[] png = MadeFiles.png(3, 2, 8, MadeFiles.GREY, samples, exif);
    DecodedImage upright = ImageDecoder.decode(png, ImageLimits.DEFAULT);
    assertThat(upright.exifOrientation()).isEqualTo(tag);
    assertThat(upright.image().width()).isEqualTo(width);
    assertThat(levels(upright.image())).isEqualTo(pixels);
    DecodedImage stored = ImageDecoder.decode(png, ImageLimits.DEFAULT, Orientation.STORED);
    assertThat(stored.exifOrientation()).isEqualTo(tag);
    assertThat(levels(stored.image())).isEqualTo("012345");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void masksAreTurnedAsImages(int tag) throws Exception {
    Chunk exif = new Chunk("eXIf", MadeFiles.exif(tag));
    byte[] samples = bytes(0, 255, 0, 255, 255, 0);
    byte[] png = MadeFiles.png(3, 2, 8, MadeFiles.GREY, samples, exif);
    Mask mask = MaskDecoder.decode(png, ImageLimits.DEFAULT, Orientation.UPRIGHT, MaskRule.AUTO);
    RgbImage image = ImageDecoder.decode(png, ImageLimits.DEFAULT).image();
    assertThat(mask).usingRecursiveComparison().isEqualTo(MaskDecoder.of(image));
    Mask stored = MaskDecoder.decode(png, ImageLimits.DEFAULT, Orientation.STORED, MaskRule.AUTO);
    assertThat(stored.inside()).containsExactly(false, true, false, true, true, false);
  }

  @Test
  void theTagOfAJpegMayFollowOtherSegments() throws Exception {
    byte[] jpeg = jpeg();
    byte[] tagged = MadeFiles.withSegment(jpeg, 0xe1, EXIF, MadeFiles.exif(6));
    assertThat(tag(tagged)).isEqualTo(6);
    assertThat(tag(MadeFiles.withSegment(tagged, 0xe1, "http://ns.adobe.com/".getBytes())))
        .isEqualTo(6);
    assertThat(ImageDecoder.decode(tagged, ImageLimits.DEFAULT).image().width()).isEqualTo(8);
    assertThat(tag(jpeg)).isEqualTo(1);
  }

  @Test
  void damagedTagsCountAsNone() throws Exception {
    for (int tag : new int[] {0, 9, 65_535}) {
      assertThat(tag(MadeFiles.withSegment(jpeg(), 0xe1, EXIF, MadeFiles.exif(tag)))).isEqualTo(1);
    }

    byte[] whole = MadeFiles.exif(6);

    for (int length = 0; length < 20; length++) {
      byte[] cut = MadeFiles.withSegment(jpeg(), 0xe1, EXIF, Arrays.copyOf(whole, length));
      assertThat(tag(cut)).isEqualTo(1);
    }
  }

  /** The WebP is one of Pillow's: red, blue, tag 6. */
  @Test
  void tagsOfWebpAndTiff() throws Exception {
    byte[] webp =
        HexFormat.of()
            .parseHex(
                "524946465200000057454250565038580a000000080000000100000000005650384c110000002f0100"
                    + "00000f10f3bffff31f0e32a2ff0100455849461a0000004d4d002a000000080001011200030000"
                    + "00010006000000000000");
    DecodedImage upright = ImageDecoder.decode(webp, ImageLimits.DEFAULT);
    assertThat(upright.exifOrientation()).isEqualTo(6);
    assertThat(upright.image().height()).isEqualTo(2);
    assertThat(upright.image().pixels()).isEqualTo(bytes(255, 0, 0, 0, 0, 255));
    byte[] tiff = MadeFiles.tiff(3, 2, bytes(0, 1, 2, 3, 4, 5), 258, 8, 262, 1, 274, 6, 277, 1);
    assertThat(levels(ImageDecoder.decode(tiff, ImageLimits.DEFAULT).image())).isEqualTo("304152");
  }

  private static int tag(byte[] file) throws ImageException {
    return ImageDecoder.decode(file, ImageLimits.DEFAULT).exifOrientation();
  }

  private static byte[] jpeg() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB), "jpeg", out);
    return out.toByteArray();
  }

  private static String levels(RgbImage grey) {
    StringBuilder levels = new StringBuilder();

    for (int i = 0; i < grey.pixels().length; i += 3) {
      levels.append(grey.pixels()[i]);
    }

    return levels.toString();
  }
}
