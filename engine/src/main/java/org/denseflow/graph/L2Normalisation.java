package org.denseflow.graph;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** L2 normalisation along the last axis: x / sqrt(sum x² + epsilon). */
public final class L2Normalisation {

  private L2Normalisation() {}

  /**
   * Normalises.
   *
   * @param x {@code [..., size]}
   * @param size of the last axis, whose vectors get length 1
   * @param epsilon added under the root: 1e-6 in SFNet's code, 1e-2 in that of RTNs
   * @return the shape of x
   */
  public static SDVariable apply(SDVariable x, int size, double epsilon) {
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("Invalid epsilon: must be positive, found " + epsilon);
    }

    SameDiff graph = x.getSameDiff();
    SDVariable vectors = x.reshape(-1, size);
    SDVariable squares = vectors.mul(vectors).sum(true, 1);
    SDVariable factor = graph.math().rsqrt(squares.add(epsilon));
    return graph.reshape(vectors.mul(Broadcast.column(factor, size)), graph.shape(x));
  }
}
