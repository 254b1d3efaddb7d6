package org.denseflow.geometry;

import java.io.Serializable;

/**
 * A width and a height, at least 1: of an image in pixels, or of a grid in cells. Cells are
 * numbered row by row, {@code y · width + x}, with centres at integer coordinates from 0.
 */
public record Size(int width, int height) implements Serializable {

  /** Checks the range. */
  public Size {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "Invalid size: sides must be positive, found %dx%d".formatted(width, height));
    }
  }

  /** The number of cells or pixels, w·h. */
  public int cells() {
    return width * height;
  }

  /** The grid that a stride of 2 leaves, sides rounded up. */
  public Size halved() {
    return new Size((width + 1) / 2, (height + 1) / 2);
  }

  /** This many times as wide and as high. */
  public Size times(int factor) {
    return new Size(factor * width, factor * height);
  }

  /** Both sides divided, rounded down. */
  public Size over(int divisor) {
    return new Size(width / divisor, height / divisor);
  }

  /** What a border of this width leaves. */
  public Size within(int border) {
    return new Size(width - 2 * border, height - 2 * border);
  }

  /** Whether the other is this size shrunk or enlarged, each side within a pixel of it. */
  public boolean hasShapeOf(Size other) {
    double widthByHeight = (double) other.width * height / other.height;
    double heightByWidth = (double) other.height * width / other.width;
    return Math.abs(width - widthByHeight) <= 1 || Math.abs(height - heightByWidth) <= 1;
  }

  @Override
  public String toString() {
    return width + "x" + height;
  }
}
