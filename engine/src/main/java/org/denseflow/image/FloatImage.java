package org.denseflow.image;

import java.util.Objects;

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
}
