package org.denseflow.graph;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Constants of the data type and the graph of a given variable. */
final class Constants {

  private Constants() {}

  static SDVariable vector(SDVariable like, double... values) {
    return constant(like, Nd4j.createFromArray(values));
  }

  static SDVariable matrix(SDVariable like, double[][] values) {
    return constant(like, Nd4j.createFromArray(values));
  }

  static SDVariable tensor(SDVariable like, double[][][] values) {
    return constant(like, Nd4j.createFromArray(values));
  }

  static SDVariable longs(SDVariable like, long... values) {
    return like.getSameDiff().constant(Nd4j.createFromArray(values));
  }

  /** 0, 1, ... count - 1. */
  static SDVariable range(SDVariable like, int count) {
    double[] values = new double[count];

    for (int i = 0; i < count; i++) {
      values[i] = i;
    }

    return vector(like, values);
  }

  /** A list of (before, after) paddings, one for each axis. */
  static SDVariable padding(SDVariable like, int[]... padding) {
    return like.getSameDiff().constant(Nd4j.createFromArray(padding));
  }

  /** 1 where the condition holds and 0 elsewhere; no gradient passes. */
  static SDVariable mask(SDVariable condition, SDVariable like) {
    return condition.castTo(like.dataType());
  }

  private static SDVariable constant(SDVariable like, INDArray values) {
    return like.getSameDiff().constant(NativeArrays.cast(values, like.dataType()));
  }
}
