package org.denseflow.image;

/**
 * Reads a binary mask from an image file, by a {@link MaskRule}. A mask without a pixel on the
 * object, or without one beside it, is an error: no score can be computed with it.
 */
public final class MaskDecoder {

  private MaskDecoder() {}

  /**
   * Decodes a mask under the same limits as an image.
   *
   * @throws ImageException as {@link ImageDecoder#decode}, and if the mask is empty or full, or if
   *     it is not clear what in it is the object
   */
  public static Mask decode(
      byte[] bytes, ImageLimits limits, Orientation orientation, MaskRule rule)
      throws ImageException {
    StoredImage stored = StoredImage.read(bytes, limits);
    MaskPixels pixels = new MaskPixels(Samples.of(stored.pixels()));
    MaskContent content = MaskContent.of(pixels, stored.format());
    Mask mask = pixels.mask(MaskCriteria.of(content, rule));
    requireBoth(mask, content);
    return orientation.apply(mask, stored.orientation());
  }

  /** The mask that an image of this program's own shows: the largest of R, G and B is over 127. */
  public static Mask of(RgbImage image) {
    byte[] pixels = image.pixels();
    boolean[] inside = new boolean[image.width() * image.height()];

    for (int i = 0; i < inside.length; i++) {
      int red = pixels[3 * i] & 0xff;
      int green = pixels[3 * i + 1] & 0xff;
      int blue = pixels[3 * i + 2] & 0xff;
      inside[i] = Math.max(red, Math.max(green, blue)) > 127;
    }

    return new Mask(image.width(), image.height(), inside);
  }

  private static void requireBoth(Mask mask, MaskContent content) throws ImageException {
    double share = mask.share();

    if (share == 0) {
      throw new ImageException(
          ImageError.MASK_EMPTY,
          "Cannot use mask: no pixel is the object; it has %s%s"
              .formatted(content.describe(), MaskCriteria.HINT));
    }

    if (share == 1) {
      throw new ImageException(
          ImageError.MASK_FULL,
          "Cannot use mask: every pixel is the object; it has %s%s"
              .formatted(content.describe(), MaskCriteria.HINT));
    }
  }
}
