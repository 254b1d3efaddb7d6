package org.denseflow.image;

import java.util.Objects;
import org.denseflow.geometry.Size;

/**
 * A decoded 8-bit sRGB photograph: {@code pixels} is {@code [height, width, 3]}, interleaved R, G,
 * B, row-major. The array is shared, not copied, and must not be changed by its holder.
 */
public record RgbImage(int width, int height, byte[] pixels) {

  /** Checks that the array has the size that width and height ask for. */
  public RgbImage {
    Objects.requireNonNull(pixels, "pixels");

    if (width <= 0 || height <= 0) {
      throw new IllegalArgumentException(
          "Invalid image size: " + width + "x" + height + ", both sides must be positive");
    }

    if (pixels.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "Invalid pixel array: %d bytes for a %dx%d image, expected %d"
              .formatted(pixels.length, width, height, 3L * width * height));
    }
  }

  /** Width and height. */
  public Size size() {
    return new Size(width, height);
  }

  /** The same in floating point, 0..255. */
  public FloatImage toFloat() {
    float[] values = new float[pixels.length];

    for (int i = 0; i < values.length; i++) {
      values[i] = pixels[i] & 0xff;
    }

    return new FloatImage(width, height, values);
  }

  /** The channel (0 red, 1 green, 2 blue) at column x, row y, as 0..255. */
  public int at(int x, int y, int channel) {
    return pixels[3 * (y * width + x) + channel] & 0xff;
  }

  /** The same with left and right exchanged. */
  public RgbImage mirrored() {
    byte[] mirrored = new byte[pixels.length];

    for (int i = 0; i < width * height; i++) {
      int column = i % width;
      System.arraycopy(pixels, 3 * i, mirrored, 3 * (i - column + width - 1 - column), 3);
    }

    return new RgbImage(width, height, mirrored);
  }
}
