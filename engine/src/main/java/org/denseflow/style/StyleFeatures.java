package org.denseflow.style;

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

  /**
   * (1 − share) of these features and a share of others on the same grid.
   *
   * @param share 0..1
   */
  public StyleFeatures mixed(StyleFeatures other, double share) {
    float[] mixed = new float[values.length];

    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = (float) ((1 - share) * values[i] + share * other.values[i]);
    }

    return new StyleFeatures(height, width, channels, mixed);
  }
}
