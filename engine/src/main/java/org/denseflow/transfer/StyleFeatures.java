package org.denseflow.transfer;

/**
 * Features that an image can be made of again.
 *
 * @param height of the grid
 * @param width of the grid
 * @param channels of a cell
 * @param values {@code [height, width, channels]}
 */
public record StyleFeatures(int height, int width, int channels, float[] values) {

  /** Checks the array's size. */
  public StyleFeatures {
    if (values.length != (long) height * width * channels) {
      throw new IllegalArgumentException(
          "Invalid style features: %d values for %dx%d cells of %d channels"
              .formatted(values.length, width, height, channels));
    }
  }
}
