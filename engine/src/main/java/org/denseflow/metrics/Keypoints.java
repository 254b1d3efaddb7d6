package org.denseflow.metrics;

import java.io.Serializable;
import java.util.Objects;

/**
 * Annotated points of one image, in its own pixels as annotated; index k means the same part in
 * both images of a pair. A point is absent when a coordinate is NaN or both are −1.
 */
public record Keypoints(double[] x, double[] y) implements Serializable {

  /** Checks that both lists are equally long. */
  public Keypoints {
    Objects.requireNonNull(x, "x");
    Objects.requireNonNull(y, "y");

    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "Invalid keypoints: %d x and %d y coordinates".formatted(x.length, y.length));
    }
  }

  /** Points, present or absent. */
  public int size() {
    return x.length;
  }

  /** Whether point k is annotated. */
  public boolean present(int k) {
    boolean padding = x[k] == -1 && y[k] == -1;
    return Double.isFinite(x[k]) && Double.isFinite(y[k]) && !padding;
  }

  /** Present points that lie more than a pixel outside an image of the given size. */
  public int outside(int width, int height) {
    int count = 0;

    for (int k = 0; k < size(); k++) {
      boolean inside = x[k] >= -1 && y[k] >= -1 && x[k] <= width + 1 && y[k] <= height + 1;

      if (present(k) && !inside) {
        count++;
      }
    }
    return count;
  }
}
