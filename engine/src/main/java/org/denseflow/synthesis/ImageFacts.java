package org.denseflow.synthesis;

import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;

/**
 * The properties of an image that drawing a recipe needs, so that the image itself is not needed.
 *
 * @param width pixels
 * @param height pixels
 * @param meanGrey mean grey, 0..255
 * @param foreground {@code [32, 32]} as bits, row-major, lowest bit first: whether the object is at
 *     the centre of each cell; empty where there is no mask and all of the image counts as object
 */
public record ImageFacts(int width, int height, double meanGrey, byte[] foreground) {
  /** Cells on a side of {@code foreground}. */
  public static final int CELLS = 32;

  /** The facts of an image; mask is null without. */
  public static ImageFacts of(RgbImage image, Mask mask) {
    long red = 0;
    long green = 0;
    long blue = 0;
    byte[] pixels = image.pixels();

    for (int i = 0; i < pixels.length; i += 3) {
      red += pixels[i] & 0xff;
      green += pixels[i + 1] & 0xff;
      blue += pixels[i + 2] & 0xff;
    }

    double count = pixels.length / 3;
    return new ImageFacts(
        image.width(),
        image.height(),
        ColorMatrix.grey(red / count, green / count, blue / count),
        mask == null ? new byte[0] : bits(mask));
  }

  /** Whether the object is at a point of the image, normalised coordinates inside [-1, 1]. */
  boolean isForeground(double x, double y) {
    if (foreground.length == 0) {
      return true;
    }

    int column = Math.min(CELLS - 1, (int) ((x + 1) * 0.5 * CELLS));
    int row = Math.min(CELLS - 1, (int) ((y + 1) * 0.5 * CELLS));
    int bit = row * CELLS + column;
    return (foreground[bit >> 3] >> (bit & 7) & 1) != 0;
  }

  private static byte[] bits(Mask mask) {
    byte[] bits = new byte[CELLS * CELLS / 8];

    for (int bit = 0; bit < CELLS * CELLS; bit++) {
      int x = (int) ((bit % CELLS + 0.5) / CELLS * mask.width());
      int y = (int) ((bit / CELLS + 0.5) / CELLS * mask.height());

      if (mask.at(x, y)) {
        bits[bit >> 3] |= (byte) (1 << (bit & 7));
      }
    }

    return bits;
  }
}
