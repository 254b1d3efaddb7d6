package org.denseflow.jobs.dataset;

import java.io.Serializable;

/** An image's size in pixels. */
public record ImageSize(int width, int height) implements Serializable {

  /** Whether the other is this size shrunk or enlarged, each side within a pixel of it. */
  public boolean hasShapeOf(ImageSize other) {
    double widthByHeight = (double) other.width * height / other.height;
    double heightByWidth = (double) other.height * width / other.width;
    return Math.abs(width - widthByHeight) <= 1 || Math.abs(height - heightByWidth) <= 1;
  }

  @Override
  public String toString() {
    return width + "x" + height;
  }
}
