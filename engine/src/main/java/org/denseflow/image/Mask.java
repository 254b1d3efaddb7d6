package org.denseflow.image;

import java.util.Objects;
import org.denseflow.geometry.Size;

/** A binary mask: {@code inside} is {@code [height, width]}, row-major, true on the object. */
public record Mask(int width, int height, boolean[] inside) {

  /** Checks that the array has the size that width and height ask for. */
  public Mask {
    Objects.requireNonNull(inside, "inside");

    if (width <= 0 || height <= 0 || inside.length != (long) width * height) {
      throw new IllegalArgumentException(
          "Invalid mask: %d values for %dx%d".formatted(inside.length, width, height));
    }
  }

  /** Width and height. */
  public Size size() {
    return new Size(width, height);
  }

  /** Whether no pixel lies on the object. */
  public boolean isEmpty() {
    for (boolean pixel : inside) {
      if (pixel) {
        return false;
      }
    }

    return true;
  }

  /** Whether the pixel at column x, row y lies on the object. */
  public boolean at(int x, int y) {
    return inside[y * width + x];
  }

  /** The share of the image that lies inside. */
  public double share() {
    long count = 0;

    for (boolean one : inside) {
      count += one ? 1 : 0;
    }

    return (double) count / inside.length;
  }
}
