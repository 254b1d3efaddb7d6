package org.denseflow.flow;

import org.denseflow.image.Mask;

/**
 * Forward-backward check: how far a source pixel ends from itself after going to the target and
 * back.
 */
public final class ForwardBackward {

  private ForwardBackward() {}

  /**
   * The round-trip error in source pixels, {@code [sourceHeight, sourceWidth]}; infinite where the
   * forward flow leaves the target or either flow is not valid.
   *
   * @param forward on the source's grid, pointing into the target
   * @param backward on the target's grid, pointing into the source
   */
  public static float[] error(
      FlowField forward,
      FlowField backward,
      int sourceWidth,
      int sourceHeight,
      int targetWidth,
      int targetHeight) {
    float[] error = new float[sourceWidth * sourceHeight];

    for (int i = 0; i < error.length; i++) {
      double nx = (i % sourceWidth + 0.5) / sourceWidth;
      double ny = (i / sourceWidth + 0.5) / sourceHeight;
      double[] there = FlowSampler.displacement(forward, nx, ny);
      double tx = nx + there[0];
      double ty = ny + there[1];
      boolean stays =
          tx >= 0
              && ty >= 0
              && tx <= 1
              && ty <= 1
              && FlowSampler.valid(forward, nx, ny)
              && FlowSampler.valid(backward, tx, ty);

      if (stays) {
        double[] back = FlowSampler.displacement(backward, tx, ty);
        error[i] =
            (float)
                Math.hypot((there[0] + back[0]) * sourceWidth, (there[1] + back[1]) * sourceHeight);
      } else {
        error[i] = Float.POSITIVE_INFINITY;
      }
    }

    return error;
  }

  /** The pixels whose round trip ends less than {@code thresholdPixels} away. */
  public static Mask consistent(float[] error, int width, int height, double thresholdPixels) {
    boolean[] inside = new boolean[error.length];

    for (int i = 0; i < inside.length; i++) {
      inside[i] = error[i] < thresholdPixels;
    }

    return new Mask(width, height, inside);
  }
}
