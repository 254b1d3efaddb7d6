package org.denseflow.transfer;

import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowSampler;
import org.denseflow.image.Mask;

/**
 * Carries a mask of the target over to the source: the target's mask is sampled bilinearly where
 * each source pixel points to, and a pixel is inside above one half. Pixels whose flow leaves the
 * target are outside.
 */
public final class MaskTransfer {

  private MaskTransfer() {}

  /** The target's mask seen from the source; the result has the source's size. */
  public static Mask transfer(Mask targetMask, FlowField flow, int sourceWidth, int sourceHeight) {
    boolean[] inside = new boolean[sourceWidth * sourceHeight];

    for (int i = 0; i < inside.length; i++) {
      double[] q =
          FlowSampler.toTarget(
              flow,
              i % sourceWidth,
              i / sourceWidth,
              sourceWidth,
              sourceHeight,
              targetMask.width(),
              targetMask.height());
      inside[i] = sample(targetMask, q[0], q[1]) > 0.5;
    }

    return new Mask(sourceWidth, sourceHeight, inside);
  }

  private static double sample(Mask mask, double x, double y) {
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    double fx = x - x0;
    double fy = y - y0;
    return (1 - fy) * ((1 - fx) * value(mask, x0, y0) + fx * value(mask, x0 + 1, y0))
        + fy * ((1 - fx) * value(mask, x0, y0 + 1) + fx * value(mask, x0 + 1, y0 + 1));
  }

  private static int value(Mask mask, int x, int y) {
    boolean within = x >= 0 && y >= 0 && x < mask.width() && y < mask.height();
    return within && mask.at(x, y) ? 1 : 0;
  }
}
