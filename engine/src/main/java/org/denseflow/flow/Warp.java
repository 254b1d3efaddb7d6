package org.denseflow.flow;

import org.denseflow.geometry.Bilinear;
import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;
import org.denseflow.image.RgbImage;

/** Warps the target onto the source's grid by a flow: backward warping, bilinear. */
public final class Warp {

  private Warp() {}

  /**
   * The target's pixels at the places the source's pixels point to.
   *
   * @return an image of the source's size; grey (128) where the flow is not valid or leaves the
   *     target
   */
  public static RgbImage backward(RgbImage target, FlowField flow, Size source) {
    byte[] pixels = new byte[3 * source.cells()];
    Size other = target.size();

    for (int y = 0; y < source.height(); y++) {
      for (int x = 0; x < source.width(); x++) {
        int at = 3 * (y * source.width() + x);
        double[] q = FlowSampler.toTarget(flow, x, y, source, other);
        boolean inside =
            q[0] >= -0.5
                && q[1] >= -0.5
                && q[0] <= target.width() - 0.5
                && q[1] <= target.height() - 0.5
                && FlowSampler.valid(flow, (x + 0.5) / source.width(), (y + 0.5) / source.height());
        sample(target, other, q, inside, pixels, at);
      }
    }

    return new RgbImage(source.width(), source.height(), pixels);
  }

  private static void sample(
      RgbImage image, Size size, double[] q, boolean inside, byte[] to, int at) {
    if (!inside) {
      to[at] = (byte) 128;
      to[at + 1] = (byte) 128;
      to[at + 2] = (byte) 128;
      return;
    }

    Bilinear around = Bilinear.at(size, q[0], q[1], Border.REPLICATE);

    for (int c = 0; c < 3; c++) {
      int channel = c;
      to[at + c] =
          (byte) Math.round(around.read(cell -> image.pixels()[3 * cell + channel] & 0xff));
    }
  }
}
