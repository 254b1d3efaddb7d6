package org.denseflow.training;

import org.nd4j.autodiff.samediff.SDVariable;

/** L2 normalisation along an axis: x / sqrt(sum x² + epsilon). */
public final class L2Normalisation {

  private L2Normalisation() {}

  /**
   * Normalises.
   *
   * @param x any shape
   * @param axis the axis whose vectors get length 1
   * @param epsilon added under the root: 1e-6 in SFNet's code, 1e-2 in that of RTNs
   * @return the shape of x
   */
  public static SDVariable apply(SDVariable x, int axis, double epsilon) {
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("Invalid epsilon: must be positive, found " + epsilon);
    }

    SDVariable squares = x.mul(x).sum(true, axis);
    return x.mul(x.getSameDiff().math().rsqrt(squares.add(epsilon)));
  }
}
