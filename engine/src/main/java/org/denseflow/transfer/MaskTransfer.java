package org.denseflow.transfer;

import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowSampler;
import org.denseflow.geometry.Size;
import org.denseflow.image.Coverage;
import org.denseflow.image.Mask;

/**
 * Carries masks of the target over to the source, all by one rule: a source pixel whose flow leaves
 * the target's area, 0 to 1 on both axes, is outside; any other takes the target's mask where it
 * points to, bilinear between pixel centres and constant beyond the outermost ones, as {@link
 * org.denseflow.flow.Warp} takes colours. So the border's half pixels belong to the object as much
 * as their pixels do, and a mask covers what the warped image shows.
 */
public final class MaskTransfer {

  private MaskTransfer() {}

  /** The target's mask seen from the source, of the source's size: what is over one half inside. */
  public static Mask transfer(Mask targetMask, FlowField flow, Size source) {
    Coverage whole = Coverage.of(targetMask, targetMask.size());
    return carry(whole, flow, source).mask(source);
  }

  /** The same of a soft mask. */
  static Coverage carry(Coverage mask, FlowField flow, Size source) {
    int width = source.width();
    int height = source.height();
    float[] share = new float[width * height];

    for (int i = 0; i < share.length; i++) {
      double x = (i % width + 0.5) / width;
      double y = (i / width + 0.5) / height;
      double[] d = FlowSampler.displacement(flow, x, y);
      boolean within = x + d[0] >= 0 && x + d[0] <= 1 && y + d[1] >= 0 && y + d[1] <= 1;
      share[i] =
          within ? mask.at((x + d[0]) * mask.width() - 0.5, (y + d[1]) * mask.height() - 0.5) : 0;
    }

    return new Coverage(width, height, share);
  }
}
