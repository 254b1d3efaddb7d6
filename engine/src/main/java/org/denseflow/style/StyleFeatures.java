package org.denseflow.style;

import org.denseflow.geometry.Size;

/**
 * VGG-19 features that a decoder can turn into an image again.
 *
 * @param grid its size
 * @param channels of a cell
 * @param values {@code [height, width, channels]}
 */
public record StyleFeatures(Size grid, int channels, float[] values) {

  /** Checks the array's size. */
  public StyleFeatures {
    if (values.length != (long) grid.cells() * channels) {
      throw new IllegalArgumentException(
          "Invalid style features: %d values for %s cells of %d channels"
              .formatted(values.length, grid, channels));
    }
  }

  /** Rows of the grid. */
  public int height() {
    return grid.height();
  }

  /** Columns of the grid. */
  public int width() {
    return grid.width();
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

    return new StyleFeatures(grid, channels, mixed);
  }
}
