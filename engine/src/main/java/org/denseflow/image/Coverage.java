package org.denseflow.image;

import java.util.Objects;

/**
 * A soft mask: {@code share} is {@code [height, width]}, row-major, how much of each pixel lies on
 * the object, 0 to 1.
 */
public record Coverage(int width, int height, float[] share) {

  /** Checks that the array has the size that width and height ask for. */
  public Coverage {
    Objects.requireNonNull(share, "share");

    if (width <= 0 || height <= 0 || share.length != (long) width * height) {
      throw new IllegalArgumentException(
          "Invalid coverage: %d values for %dx%d".formatted(share.length, width, height));
    }
  }

  /** A mask brought to a size: pixels at its border become grey, as {@link Resize} has it. */
  public static Coverage of(Mask mask, int width, int height) {
    byte[] pixels = new byte[3 * mask.inside().length];

    for (int i = 0; i < mask.inside().length; i++) {
      pixels[3 * i] = (byte) (mask.inside()[i] ? 255 : 0);
    }

    FloatImage resized =
        Resize.toFloat(new RgbImage(mask.width(), mask.height(), pixels), width, height);
    float[] share = new float[width * height];

    for (int i = 0; i < share.length; i++) {
      share[i] = resized.values()[3 * i] / 255;
    }

    return new Coverage(width, height, share);
  }

  /**
   * The share at a position, bilinear between pixel centres and constant beyond the outermost ones.
   *
   * @param x in pixels, 0-based
   * @param y in pixels, 0-based
   */
  public float at(double x, double y) {
    double column = Math.max(0, Math.min(width - 1, x));
    double row = Math.max(0, Math.min(height - 1, y));
    int x0 = (int) column;
    int y0 = (int) row;
    int x1 = Math.min(width - 1, x0 + 1);
    int y1 = Math.min(height - 1, y0 + 1);
    double fx = column - x0;
    double fy = row - y0;
    double top = (1 - fx) * share[y0 * width + x0] + fx * share[y0 * width + x1];
    double bottom = (1 - fx) * share[y1 * width + x0] + fx * share[y1 * width + x1];
    return (float) ((1 - fy) * top + fy * bottom);
  }

  /** What lies more than half inside, seen at another size. */
  public Mask mask(int wide, int high) {
    boolean[] inside = new boolean[wide * high];

    for (int i = 0; i < inside.length; i++) {
      double x = (i % wide + 0.5) * width / wide - 0.5;
      double y = (i / wide + 0.5) * height / high - 0.5;
      inside[i] = at(x, y) > 0.5;
    }

    return new Mask(wide, high, inside);
  }

  /** All that is more than half inside, all of it. */
  public Coverage hard() {
    float[] whole = new float[share.length];

    for (int i = 0; i < whole.length; i++) {
      whole[i] = share[i] > 0.5 ? 1 : 0;
    }

    return new Coverage(width, height, whole);
  }

  /**
   * Intersection over union of two soft masks, sums of the smaller and of the larger shares
   * (Ruzicka similarity); 0 when both are empty.
   */
  public static double iou(Coverage a, Coverage b) {
    if (a.width() != b.width() || a.height() != b.height()) {
      throw new IllegalArgumentException(
          "Cannot compare coverages: %dx%d and %dx%d"
              .formatted(a.width(), a.height(), b.width(), b.height()));
    }

    double smaller = 0;
    double larger = 0;

    for (int i = 0; i < a.share().length; i++) {
      smaller += Math.min(a.share()[i], b.share()[i]);
      larger += Math.max(a.share()[i], b.share()[i]);
    }

    return larger == 0 ? 0 : smaller / larger;
  }
}
