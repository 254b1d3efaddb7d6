package org.denseflow.metrics;

import java.io.Serializable;

/** An axis-aligned box in the annotation's own pixel coordinates. */
public record Box(double x1, double y1, double x2, double y2) implements Serializable {

  /** Checks that the corners are finite and in order. */
  public Box {
    if (!(x2 >= x1 && y2 >= y1 && Double.isFinite(x2 - x1) && Double.isFinite(y2 - y1))) {
      throw new IllegalArgumentException(
          "Invalid box: (%s, %s) to (%s, %s)".formatted(x1, y1, x2, y2));
    }
  }

  /** Extent along x, in pixels. */
  public double width() {
    return x2 - x1;
  }

  /** Extent along y, in pixels. */
  public double height() {
    return y2 - y1;
  }
}
