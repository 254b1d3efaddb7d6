package org.denseflow.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of some hundred bytes of which ImageIO's reader would make arrays of 2 GB. */
class TiffTest {
  private static final int SIDE = 16;
  private static final int STRIP_BYTES = 279;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_LENGTH = 323;
  private static final int TILE_BYTES = 325;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsNotChangedIsRead(boolean tiled) throws Exception {
    assertThat(decode(tiled, Map.of()).image().width()).isEqualTo(SIDE);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE - 15, Integer.MAX_VALUE, -1})
  void partsLongerThanTheFileAreRefused(int length) {
    assertThatThrownBy(() -> decode(false, Map.of(STRIP_BYTES, length)))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining(Integer.toUnsignedString(length) + " bytes of a TIFF's pixels");
    assertThatThrownBy(() -> decode(true, Map.of(TILE_BYTES, length)))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining(Integer.toUnsignedString(length) + " bytes of a TIFF's pixels");
  }

  @Test
  void tilesOfMorePixelsThanTheLimitAreRefused() {
    assertThatThrownBy(() -> decode(true, Map.of(TILE_WIDTH, 26_000, TILE_LENGTH, 26_000)))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("TIFF tiles of 26000x26000 pixels");
  }

  /** A deflated picture of one strip or tile, with other numbers for some tags. */
  private static DecodedImage decode(boolean tiled, Map<Integer, Integer> changed)
      throws IOException, ImageException {
    ByteBuffer file = ByteBuffer.wrap(written(tiled));
    int directory = file.getInt(4);
    int entries = file.getShort(directory);

    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + 12 * i;
      Integer number = changed.get((int) file.getShort(entry));

      if (number != null) {
        assertThat(file.getInt(entry + 4)).isEqualTo(1);
        file.putShort(entry + 2, (short) 4).putInt(entry + 8, number);
      }
    }

    return ImageDecoder.decode(file.array(), ImageLimits.DEFAULT);
  }

  private static byte[] written(boolean tiled) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    parameters.setCompressionType("Deflate");

    if (tiled) {
      parameters.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setTiling(SIDE, SIDE, 0, 0);
    }

    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), parameters);
    } finally {
      writer.dispose();
    }

    return bytes.toByteArray();
  }
}
