package org.denseflow.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a JPEG's own image ends, whatever lies in it or behind it. */
class JpegTest {
  private static final byte[] EXIF = {'E', 'x', 'i', 'f', 0, 0};

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatFollowsTheImageDoesNotMatter(boolean progressive) throws Exception {
    byte[] jpeg = jpeg(progressive);
    byte[] pixels = decode(jpeg);
    byte[] video = new byte[200_000];
    assertThat(decode(joined(jpeg, video))).isEqualTo(pixels);
    new Random(1).nextBytes(video);
    assertThat(decode(joined(jpeg, video))).isEqualTo(pixels);
    assertThat(decode(joined(jpeg, jpeg(true)))).isEqualTo(pixels);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTruncatedImageIsRefusedWhateverLiesInItOrBehindIt(boolean progressive) throws Exception {
    byte[] jpeg = jpeg(progressive);
    byte[] thumbnail = MadeFiles.withSegment(jpeg, 0xe1, EXIF, MadeFiles.exif(1), jpeg(false));
    assertThat(decode(thumbnail)).isEqualTo(decode(jpeg));
    byte[] video = new byte[200_000];
    new Random(1).nextBytes(video);
    // Names that no marker has stand before the end of another image.
    byte[] ended = joined(video, new byte[] {(byte) 0xff, (byte) 0xd9});

    for (double share : new double[] {0.5, 0.8, 0.95}) {
      byte[] cut = Arrays.copyOf(jpeg, (int) (share * jpeg.length));
      assertTruncated(cut);
      assertTruncated(Arrays.copyOf(thumbnail, thumbnail.length - jpeg.length + cut.length));
      assertTruncated(joined(cut, jpeg(false)));
      assertTruncated(joined(cut, ended));
      assertTruncated(joined(cut, new byte[200_000]));
    }

    assertTruncated(Arrays.copyOf(jpeg, jpeg.length - 2));
    assertTruncated(joined(Arrays.copyOf(jpeg, jpeg.length - 2), new byte[100]));
  }

  private static void assertTruncated(byte[] file) {
    assertThatThrownBy(() -> decode(file))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.code()).isEqualTo("image.truncated"));
  }

  private static byte[] decode(byte[] file) throws ImageException {
    return ImageDecoder.decode(file, ImageLimits.DEFAULT).image().pixels();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] jpeg(boolean progressive) throws IOException {
    BufferedImage image = new BufferedImage(120, 90, BufferedImage.TYPE_INT_RGB);

    for (int i = 0; i < 120 * 90; i++) {
      image.setRGB(i % 120, i / 120, i * 9871);
    }

    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }

    return bytes.toByteArray();
  }
}
