package org.denseflow.image;

/** Reads a mask from an image file: a pixel is inside where its mean of R, G and B is above 127. */
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
      int sum = (pixels[3 * i] & 0xff) + (pixels[3 * i + 1] & 0xff) + (pixels[3 * i + 2] & 0xff);
      inside[i] = sum > 3 * 127;
    }

    return new Mask(image.width(), image.height(), inside);
  }
}
