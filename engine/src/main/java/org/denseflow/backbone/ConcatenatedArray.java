package org.denseflow.backbone;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Concatenates arrays into one that shares no memory with them. */
public final class ConcatenatedArray {
  private ConcatenatedArray() {}

  /**
   * Concatenates the parts along an axis. The result is always a copy: of a single part Nd4j
   * returns the part itself, and closing or changing that would close or change the part.
   *
   * @param axis the axis along which the parts are joined
   */
  public static INDArray of(int axis, INDArray... parts) {
    return parts.length == 1 ? parts[0].dup('c') : Nd4j.concat(axis, parts);
  }
}
