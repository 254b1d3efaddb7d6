package org.denseflow.image;

import java.util.Objects;
import org.denseflow.geometry.Bilinear;
import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;

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

  /** Width and height. */
  public Size size() {
    return new Size(width, height);
  }

  /** A mask brought to a size: pixels at its border become grey, as {@link Resize} has it. */
  public static Coverage of(Mask mask, Size size) {
    byte[] pixels = new byte[3 * mask.inside().length];

    for (int i = 0; i < mask.inside().length; i++) {
      pixels[3 * i] = (byte) (mask.inside()[i] ? 255 : 0);
    }

    FloatImage resized =
        Resize.toFloat(
            new RgbImage(mask.width(), mask.height(), pixels), size.width(), size.height());
    float[] share = new float[size.cells()];

    for (int i = 0; i < share.length; i++) {
      share[i] = resized.values()[3 * i] / 255;
    }

    return new Coverage(size.width(), size.height(), share);
  }

  /**
   * The share at a position, bilinear between pixel centres and constant beyond the outermost ones.
   *
   * @param x in pixels, 0-based
   * @param y in pixels, 0-based
   */
  public float at(double x, double y) {
    return (float) Bilinear.at(size(), x, y, Border.REPLICATE).read(cell -> share[cell]);
  }

  /** What lies more than half inside, seen at another size. */
  public Mask mask(Size size) {
    boolean[] inside = new boolean[size.cells()];

    for (int i = 0; i < inside.length; i++) {
      double x = (i % size.width() + 0.5) * width / size.width() - 0.5;
      double y = (i / size.width() + 0.5) * height / size.height() - 0.5;
      inside[i] = at(x, y) > 0.5;
    }

    return new Mask(size.width(), size.height(), inside);
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
