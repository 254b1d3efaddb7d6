package org.denseflow.flow;

import org.denseflow.image.RgbImage;

/** Draws the target as the flow sees it from the source: backward warping, bilinear. */
public final class Warp {

  private Warp() {}

  /**
   * The target's pixels at the places the source's pixels point to.
   *
   * @return an image of the source's size; grey (128) where the flow is not valid or leaves the
   *     target
   */
  public static RgbImage backward(
      RgbImage target, FlowField flow, int sourceWidth, int sourceHeight) {
    byte[] pixels = new byte[3 * sourceWidth * sourceHeight];

    for (int y = 0; y < sourceHeight; y++) {
      for (int x = 0; x < sourceWidth; x++) {
        int at = 3 * (y * sourceWidth + x);
        double[] q =
            FlowSampler.toTarget(
                flow, x, y, sourceWidth, sourceHeight, target.width(), target.height());
        boolean inside =
            q[0] >= -0.5
                && q[1] >= -0.5
                && q[0] <= target.width() - 0.5
                && q[1] <= target.height() - 0.5
                && FlowSampler.valid(flow, (x + 0.5) / sourceWidth, (y + 0.5) / sourceHeight);
        sample(target, q, inside, pixels, at);
      }
    }

    return new RgbImage(sourceWidth, sourceHeight, pixels);
  }

  private static void sample(RgbImage image, double[] q, boolean inside, byte[] to, int at) {
    if (!inside) {
      to[at] = (byte) 128;
      to[at + 1] = (byte) 128;
      to[at + 2] = (byte) 128;
      return;
    }

    double x = Math.max(0, Math.min(image.width() - 1, q[0]));
    double y = Math.max(0, Math.min(image.height() - 1, q[1]));
    int x0 = (int) x;
    int y0 = (int) y;
    int x1 = Math.min(image.width() - 1, x0 + 1);
    int y1 = Math.min(image.height() - 1, y0 + 1);
    double fx = x - x0;
    double fy = y - y0;

    for (int c = 0; c < 3; c++) {
      double top = image.at(x0, y0, c) * (1 - fx) + image.at(x1, y0, c) * fx;
      double bottom = image.at(x0, y1, c) * (1 - fx) + image.at(x1, y1, c) * fx;
      to[at + c] = (byte) Math.round(top * (1 - fy) + bottom * fy);
    }
  }
}
