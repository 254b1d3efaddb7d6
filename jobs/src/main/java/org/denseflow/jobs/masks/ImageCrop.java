package org.denseflow.jobs.masks;

import java.util.Arrays;
import java.util.Optional;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.metrics.Box;

/** The crop of an image that is worked on, in pixels: all of it, or a box with a margin. */
record ImageCrop(int x, int y, int width, int height) {

  /** Width and height. */
  Size size() {
    return new Size(width, height);
  }

  static ImageCrop of(Optional<Box> box, double margin, int width, int height) {
    if (box.isEmpty()) {
      return new ImageCrop(0, 0, width, height);
    }

    double dx = margin * box.get().width();
    double dy = margin * box.get().height();
    int x1 = (int) Math.max(0, Math.min(width - 1, Math.floor(box.get().x1() - dx)));
    int y1 = (int) Math.max(0, Math.min(height - 1, Math.floor(box.get().y1() - dy)));
    int x2 = (int) Math.max(x1 + 1, Math.min(width, Math.ceil(box.get().x2() + dx)));
    int y2 = (int) Math.max(y1 + 1, Math.min(height, Math.ceil(box.get().y2() + dy)));
    return new ImageCrop(x1, y1, x2 - x1, y2 - y1);
  }

  /** What of an image lies in the frame. */
  RgbImage of(RgbImage image) {
    byte[] pixels = new byte[3 * width * height];

    for (int row = 0; row < height; row++) {
      int from = 3 * ((y + row) * image.width() + x);
      System.arraycopy(image.pixels(), from, pixels, 3 * row * width, 3 * width);
    }

    return new RgbImage(width, height, pixels);
  }

  /** What of a mask lies in the frame. */
  Mask of(Mask mask) {
    boolean[] inside = new boolean[width * height];

    for (int row = 0; row < height; row++) {
      System.arraycopy(mask.inside(), (y + row) * mask.width() + x, inside, row * width, width);
    }

    return new Mask(width, height, inside);
  }

  /** A mask of the frame in an image of a size, outside of which nothing is. */
  Mask within(Mask mask, int imageWidth, int imageHeight) {
    boolean[] inside = new boolean[imageWidth * imageHeight];

    for (int row = 0; row < height; row++) {
      System.arraycopy(mask.inside(), row * width, inside, (y + row) * imageWidth + x, width);
    }

    return new Mask(imageWidth, imageHeight, inside);
  }

  /** A mask of the frame's size, all inside. */
  Mask all() {
    boolean[] inside = new boolean[width * height];
    Arrays.fill(inside, true);
    return new Mask(width, height, inside);
  }
}
