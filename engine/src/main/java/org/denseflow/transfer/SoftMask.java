package org.denseflow.transfer;

import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;

/** How much of an image shows at each pixel: a mask with a soft border. */
record SoftMask(int width, int height, double[] share) {

  /**
   * A mask at an image's size, smoothed.
   *
   * @param mask of any size
   * @param sigma of the smoothing, pixels; 0 for a hard border
   */
  static SoftMask of(Mask mask, Size size, double sigma) {
    double[] share = new double[size.width() * size.height()];

    for (int i = 0; i < share.length; i++) {
      int x = (int) ((i % size.width() + 0.5) * mask.width() / size.width());
      int y = (int) ((i / size.width() + 0.5) * mask.height() / size.height());
      share[i] = mask.at(x, y) ? 1 : 0;
    }

    double[] smooth = sigma == 0 ? share : smooth(share, size.width(), 1, sigma);
    smooth = sigma == 0 ? share : smooth(smooth, size.height(), size.width(), sigma);
    return new SoftMask(size.width(), size.height(), smooth);
  }

  private static double[] smooth(double[] values, int length, int step, double sigma) {
    double[] result = new double[values.length];
    int radius = (int) Math.ceil(3 * sigma);

    for (int i = 0; i < values.length; i++) {
      int at = i / step % length;
      double total = 0;

      for (int k = Math.max(-at, -radius); k <= Math.min(length - 1 - at, radius); k++) {
        double weight = Math.exp(-k * k / (2 * sigma * sigma));
        total += weight;
        result[i] += weight * values[i + k * step];
      }

      result[i] /= total;
    }

    return result;
  }

  /** One image inside, the other outside; all of one size. */
  RgbImage compose(RgbImage outside, RgbImage inside) {
    byte[] pixels = new byte[outside.pixels().length];

    for (int i = 0; i < pixels.length; i++) {
      double weight = share[i / 3];
      pixels[i] =
          (byte)
              Math.round(
                  (1 - weight) * (outside.pixels()[i] & 0xff)
                      + weight * (inside.pixels()[i] & 0xff));
    }

    return new RgbImage(width, height, pixels);
  }
}
