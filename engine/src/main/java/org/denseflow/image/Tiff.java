package org.denseflow.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/** Checks of a TIFF file that ImageIO's reader does not make itself before it allocates arrays. */
final class Tiff {
  private static final int MAX_INTEGER_BITS = 16;
  private static final int MIN_FLOAT_BITS = 32;

  private Tiff() {}

  /**
   * Refuses depths, strips and tiles that no picture within the limits has.
   *
   * @param bytes the file's length
   * @throws ImageException if the image has such
   */
  static void check(ImageReader reader, int bytes, ImageLimits limits)
      throws IOException, ImageException {
    TIFFDirectory directory = TIFFDirectory.createFromMetadata(reader.getImageMetadata(0));
    checkDepth(directory.getTIFFField(BaselineTIFFTagSet.TAG_BITS_PER_SAMPLE));
    checkLength(directory.getTIFFField(BaselineTIFFTagSet.TAG_STRIP_BYTE_COUNTS), bytes);
    checkLength(directory.getTIFFField(BaselineTIFFTagSet.TAG_TILE_BYTE_COUNTS), bytes);

    if (reader.isImageTiled(0)) {
      checkTiles(reader.getTileWidth(0), reader.getTileHeight(0), limits);
    }
  }

  /** The image with the upper 8 bits of its palette's 16, which ImageIO rounds down once more. */
  static BufferedImage withPalette(BufferedImage image, ImageReader reader) throws IOException {
    TIFFField map =
        TIFFDirectory.createFromMetadata(reader.getImageMetadata(0))
            .getTIFFField(BaselineTIFFTagSet.TAG_COLOR_MAP);

    if (map == null
        || !(image.getColorModel() instanceof IndexColorModel colors)
        || map.getCount() != 3 * colors.getMapSize()) {
      return image;
    }

    int size = colors.getMapSize();
    byte[] entries = new byte[3 * size];

    for (int i = 0; i < entries.length; i++) {
      entries[i] = (byte) (map.getAsInt(i / 3 + i % 3 * size) >> 8);
    }

    IndexColorModel exact = new IndexColorModel(colors.getPixelSize(), size, entries, 0, false);
    return new BufferedImage(exact, image.getRaster(), false, null);
  }

  /** Of samples of 17 to 31 bits the reader makes a table of all their values, up to 8 GB. */
  private static void checkDepth(TIFFField field) throws ImageException {
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

  /** Of a deflated strip or tile the reader makes an array of the length that the file states. */
  private static void checkLength(TIFFField field, int bytes) throws ImageException {
    for (int part = 0; field != null && part < field.getCount(); part++) {
      if (field.getAsLong(part) > bytes) {
        throw new ImageException(
            ImageError.TRUNCATED,
            "Cannot decode image: %d bytes of a TIFF's pixels in a file of %d"
                .formatted(field.getAsLong(part), bytes));
      }
    }
  }

  /** A tile is unpacked whole, however little of it lies in the picture. */
  private static void checkTiles(int width, int height, ImageLimits limits) throws ImageException {
    if ((long) width * height > limits.maxPixels()) {
      throw new ImageException(
          ImageError.TOO_MANY_PIXELS,
          "Cannot decode image: TIFF tiles of %dx%d pixels, the limit is %d pixels"
              .formatted(width, height, limits.maxPixels()));
    }
  }
}
