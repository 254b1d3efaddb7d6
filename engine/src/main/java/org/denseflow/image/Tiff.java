package org.denseflow.image;

import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/** What ImageIO's TIFF reader does not check itself. */
final class Tiff {
  private static final int MAX_INTEGER_BITS = 16;
  private static final int MIN_FLOAT_BITS = 32;

  private Tiff() {}

  /**
   * Refuses samples of 17 to 31 bits: the reader makes a table of all their values, up to 8 GB.
   *
   * @throws ImageException if the image has such samples
   */
  static void checkDepth(ImageReader reader) throws IOException, ImageException {
    TIFFField field =
        TIFFDirectory.createFromMetadata(reader.getImageMetadata(0))
            .getTIFFField(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE);

    for (int sample = 0; field != null && sample < field.getCount(); sample++) {
      int bits = field.getAsInt(sample);

      if (bits > MAX_INTEGER_BITS && bits < MIN_FLOAT_BITS) {
        throw new ImageException(
            ImageError.CORRUPT,
            "Cannot decode image: TIFF samples of %d bits, at most 16 or 32 are known"
                .formatted(bits));
      }
    }
  }
}
