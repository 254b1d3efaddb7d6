package org.denseflow.proposals;

/**
 * A rectangle over an image: {@code x1} is the left edge of its first column and {@code x2} the
 * right edge of its last, so that a box over all of an image of width W is 0 to W. In pixels, or in
 * fractions of the image's sides where it says so.
 */
public record RegionBox(double x1, double y1, double x2, double y2) {

  /** Checks that the box has an area. */
  public RegionBox {
    if (!(x2 > x1 && y2 > y1 && Double.isFinite(x2 - x1) && Double.isFinite(y2 - y1))) {
      throw new IllegalArgumentException(
          "Invalid region: (%s, %s) to (%s, %s)".formatted(x1, y1, x2, y2));
    }
  }

  /** Extent along x. */
  public double width() {
    return x2 - x1;
  }

  /** Extent along y. */
  public double height() {
    return y2 - y1;
  }

  /** Width times height. */
  public double area() {
    return width() * height();
  }

  /** The middle along x. */
  public double centerX() {
    return (x1 + x2) / 2;
  }

  /** The middle along y. */
  public double centerY() {
    return (y1 + y2) / 2;
  }

  /** The area that both boxes cover; 0 where they do not overlap. */
  public double intersection(RegionBox other) {
    double width = Math.min(x2, other.x2) - Math.max(x1, other.x1);
    double height = Math.min(y2, other.y2) - Math.max(y1, other.y1);
    return Math.max(0, width) * Math.max(0, height);
  }

  /** Intersection over union, 0..1. */
  public double iou(RegionBox other) {
    double both = intersection(other);
    return both / (area() + other.area() - both);
  }

  /** The box with x and y in other units. */
  public RegionBox scaled(double x, double y) {
    return new RegionBox(x1 * x, y1 * y, x2 * x, y2 * y);
  }
}
