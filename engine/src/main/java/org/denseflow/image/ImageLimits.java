package org.denseflow.image;

/**
 * What a decoder accepts; checked before any pixel is decoded.
 *
 * @param maxBytes largest encoded size
 * @param maxPixels largest width times height
 * @param maxSide longest side in pixels
 */
public record ImageLimits(long maxBytes, long maxPixels, int maxSide) {

  /** 64 MiB, 50 megapixels, 32768 pixels on a side. */
  public static final ImageLimits DEFAULT = new ImageLimits(64L << 20, 50_000_000L, 32_768);

  /** Checks that all limits are positive. */
  public ImageLimits {
    if (maxBytes <= 0 || maxPixels <= 0 || maxSide <= 0) {
      throw new IllegalArgumentException(
          "Invalid image limits: all must be positive, found %d bytes, %d pixels, side %d"
              .formatted(maxBytes, maxPixels, maxSide));
    }
  }
}
