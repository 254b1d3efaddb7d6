package org.denseflow.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/**
 * An image's stored numbers as 8-bit RGB. Grey is repeated, a palette looked up; of 16 bits the
 * upper 8 count, fewer than 8 are spread over 0..255. That is what Pillow's {@code convert("RGB")}
 * gives, while Java's grey colour spaces would brighten. What is transparent lies over white. Only
 * the colour profile of a JPEG or WebP is applied, by its reader.
 */
final class RgbPixels {

  private RgbPixels() {}

  /**
   * Converts an image.
   *
   * @throws ImageException if its samples are neither grey nor RGB of up to 16 bits
   */
  static RgbImage of(BufferedImage stored) throws ImageException {
    int width = stored.getWidth();
    int height = stored.getHeight();

    if (stored.getType() == BufferedImage.TYPE_3BYTE_BGR
        && stored.getRaster().getDataBuffer() instanceof DataBufferByte data
        && data.getData().length == 3L * width * height) {
      return fromBgr(data.getData(), width, height);
    }

    Samples samples = Samples.of(stored);
    byte[] pixels = new byte[3 * width * height];
    int[] argb = new int[width];

    for (int y = 0; y < height; y++) {
      samples.argb(y, argb);

      for (int x = 0; x < width; x++) {
        int at = 3 * (y * width + x);
        int alpha = argb[x] >>> 24;
        pixels[at] = overWhite(argb[x] >> 16 & 0xff, alpha);
        pixels[at + 1] = overWhite(argb[x] >> 8 & 0xff, alpha);
        pixels[at + 2] = overWhite(argb[x] & 0xff, alpha);
      }
    }

    return new RgbImage(width, height, pixels);
  }

  private static byte overWhite(int value, int alpha) {
    return (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
  }

  private static RgbImage fromBgr(byte[] bgr, int width, int height) {
    byte[] pixels = new byte[bgr.length];

    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = bgr[i + 2];
      pixels[i + 1] = bgr[i + 1];
      pixels[i + 2] = bgr[i];
    }

    return new RgbImage(width, height, pixels);
  }
}
