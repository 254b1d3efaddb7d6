package org.denseflow.image;

/**
 * Reads a mask from an image file: a pixel is inside where the largest of R, G and B is above 127,
 * so that grey and black-and-white masks are read as well as coloured labels on black.
 */
public final class MaskDecoder {

  private MaskDecoder() {}

  /**
   * Decodes a mask under the same limits as an image.
   *
   * @throws ImageException as {@link ImageDecoder#decode}
   */
  public static Mask decode(byte[] bytes, ImageLimits limits) throws ImageException {
    return of(ImageDecoder.decode(bytes, limits).image());
  }

  /** The mask that an image shows. */
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
}
