package org.denseflow.backbone;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays one after the other. */
public final class Stack {
  private Stack() {}

  /**
   * An array of its own, also of a single part, which Nd4j gives back as it is: whoever closes or
   * changes the result would do so to the part.
   *
   * @param axis along which
   */
  public static INDArray of(int axis, INDArray... parts) {
    return parts.length == 1 ? parts[0].dup('c') : Nd4j.concat(axis, parts);
  }
}
