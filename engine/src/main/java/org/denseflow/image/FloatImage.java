package org.denseflow.image;

import java.util.Objects;
import org.denseflow.geometry.Size;

/**
 * An RGB image in floating point, as backbones take it: {@code values} is {@code [height, width,
 * 3]} in 0..255, row-major.
 */
public record FloatImage(int width, int height, float[] values) {

  /** Checks that the array has the size that width and height ask for. */
  public FloatImage {
    Objects.requireNonNull(values, "values");

    if (width <= 0 || height <= 0 || values.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "Invalid float image: %d values for %dx%d".formatted(values.length, width, height));
    }
  }

  /** Width and height. */
  public Size size() {
    return new Size(width, height);
  }

  /**
   * The image with a border of one colour.
   *
   * @param border its width in pixels
   */
  public FloatImage padded(int border, RgbColor color) {
    if (border == 0) {
      return this;
    }

    float[] channels = color.values();
    int wide = width + 2 * border;
    int high = height + 2 * border;
    float[] result = new float[3 * wide * high];

    for (int i = 0; i < result.length; i++) {
      result[i] = channels[i % 3];
    }

    for (int y = 0; y < height; y++) {
      System.arraycopy(
          values, 3 * y * width, result, 3 * ((y + border) * wide + border), 3 * width);
    }

    return new FloatImage(wide, high, result);
  }
}
