package org.denseflow.metrics;

import java.util.Objects;
import java.util.Optional;

/**
 * The input of PCK for a pair, besides the flow: the two images' keypoints and sizes in pixels, and
 * the objects' boxes where a protocol asks for them.
 */
public record KeypointPair(Annotated source, Annotated target) {

  /** One image: its size in pixels, its points, and the box of its object where annotated. */
  public record Annotated(int width, int height, Keypoints points, Optional<Box> box) {

    /** Checks the size. */
    public Annotated {
      Objects.requireNonNull(points, "points");
      Objects.requireNonNull(box, "box");

      if (width <= 0 || height <= 0) {
        throw new IllegalArgumentException("Invalid image size: " + width + "x" + height);
      }
    }
  }

  /** Checks that the points correspond by index. */
  public KeypointPair {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");

    if (source.points().size() != target.points().size()) {
      throw new IllegalArgumentException(
          "Invalid keypoint pair: %d source points and %d target points"
              .formatted(source.points().size(), target.points().size()));
    }
  }

  /** Whether point k is annotated in both images: only such points are valid. */
  public boolean valid(int k) {
    return source.points().present(k) && target.points().present(k);
  }

  /** Points annotated in both images. */
  public int validPoints() {
    int count = 0;

    for (int k = 0; k < source.points().size(); k++) {
      count += valid(k) ? 1 : 0;
    }
    return count;
  }
}
