package org.denseflow.image;

/**
 * Decodes JPEG, PNG, GIF, BMP, TIFF and WebP to 8-bit RGB, under limits. Grey, palette, 16-bit and
 * CMYK images become RGB as {@link RgbPixels} says; transparency is composited over white; of an
 * animation the first frame is taken. Truncated data are an error.
 */
public final class ImageDecoder {

  private ImageDecoder() {}

  /**
   * Decodes one image, turned upright.
   *
   * @throws ImageException if the bytes are empty, too large, of no known format, truncated or
   *     corrupt
   */
  public static DecodedImage decode(byte[] bytes, ImageLimits limits) throws ImageException {
    return decode(bytes, limits, Orientation.UPRIGHT);
  }

  /**
   * Decodes one image.
   *
   * @throws ImageException as {@link #decode(byte[], ImageLimits)}
   */
  public static DecodedImage decode(byte[] bytes, ImageLimits limits, Orientation orientation)
      throws ImageException {
    StoredImage stored = StoredImage.read(bytes, limits);
    RgbImage image = RgbPixels.of(stored.pixels());
    return new DecodedImage(
        orientation.apply(image, stored.orientation()), stored.format(), stored.orientation());
  }
}
