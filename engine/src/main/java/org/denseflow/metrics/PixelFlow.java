package org.denseflow.metrics;

import java.util.Objects;

/**
 * A displacement per pixel, as flow files hold it: {@code uv} is {@code [height, width, 2]}, in
 * pixels, row-major. A pixel is unknown when a component is NaN or at least 1e9 in magnitude.
 */
public record PixelFlow(int width, int height, float[] uv) {

  private static final float UNKNOWN_FROM = 1e9f;

  /** Checks that the array has the size that width and height ask for. */
  public PixelFlow {
    Objects.requireNonNull(uv, "uv");

    if (width <= 0 || height <= 0 || uv.length != 2L * width * height) {
      throw new IllegalArgumentException(
          "Invalid pixel flow: %d components for %dx%d".formatted(uv.length, width, height));
    }
  }

  /** Whether the pixel of this row-major index has a displacement. */
  public boolean known(int pixel) {
    return Math.abs(uv[2 * pixel]) < UNKNOWN_FROM && Math.abs(uv[2 * pixel + 1]) < UNKNOWN_FROM;
  }
}
