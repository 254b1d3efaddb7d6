package org.denseflow.metrics;

import java.io.Serializable;
import java.util.Objects;
import java.util.function.IntPredicate;

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

  /**
   * Whether point k is annotated and less than a pixel outside an image of this size, if at all.
   */
  public boolean inside(int k, int width, int height) {
    return present(k) && x[k] > -1 && y[k] > -1 && x[k] < width + 1 && y[k] < height + 1;
  }

  /**
   * The same points, with NaN for those that only fill up a list: both coordinates 0, or both the
   * same negative number.
   */
  public Keypoints withoutPadding() {
    return keeping(k -> !(x[k] == y[k] && x[k] <= 0));
  }

  /** The same list, with NaN for the points that the condition does not hold for. */
  public Keypoints keeping(IntPredicate kept) {
    double[] keptX = x.clone();
    double[] keptY = y.clone();

    for (int k = 0; k < size(); k++) {
      if (!kept.test(k)) {
        keptX[k] = Double.NaN;
        keptY[k] = Double.NaN;
      }
    }
    return new Keypoints(keptX, keptY);
  }
}
