package org.denseflow.graph;

import java.util.Collection;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Conversions of arrays in native memory that free the array they are given. */
public final class NativeArrays {
  private NativeArrays() {}

  /** An array of values in 'c' order. Nd4j's own way from a shape of ints cannot be closed. */
  public static INDArray of(float[] values, int... shape) {
    return Nd4j.create(values, ArrayUtil.toLongArray(shape), 'c');
  }

  /** An array in another data type; frees the given one where that makes another. */
  public static INDArray cast(INDArray own, DataType type) {
    INDArray result = own.castTo(type);

    if (result != own) {
      own.close();
    }

    return result;
  }

  /** The values in 'c' order; frees the array. */
  public static float[] values(INDArray own) {
    try (own) {
      return copy(own);
    }
  }

  /** A copy of the values in 'c' order. */
  public static float[] copy(INDArray array) {
    try (INDArray ordered = array.dup('c')) {
      return ordered.data().asFloat();
    }
  }

  /** Frees arrays; those that are freed already stay so. */
  public static void close(Collection<INDArray> arrays) {
    arrays.forEach(INDArray::close);
  }
}
