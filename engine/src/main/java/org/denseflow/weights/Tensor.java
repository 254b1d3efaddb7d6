package org.denseflow.weights;

import java.util.Arrays;

/**
 * A dense fp32 array: {@code values} in row-major order of {@code shape}; a scalar has shape [].
 */
public record Tensor(int[] shape, float[] values) {

  /** Checks that the array has the size that the shape asks for. */
  public Tensor {
    long size = 1;

    for (int side : shape) {
      size = Math.multiplyExact(size, (long) side);
    }

    if (size != values.length) {
      throw new IllegalArgumentException(
          "Invalid tensor: %d values for shape %s"
              .formatted(values.length, Arrays.toString(shape)));
    }
  }

  /** The axes in another order: axis i of the result is axis {@code order[i]} of this one. */
  public Tensor permute(int... order) {
    int rank = shape.length;
    int[] strides = new int[rank];
    int stride = 1;

    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis];
    }

    int[] newShape = new int[rank];

    for (int axis = 0; axis < rank; axis++) {
      newShape[axis] = shape[order[axis]];
    }

    float[] result = new float[values.length];
    int[] index = new int[rank];

    for (int i = 0; i < result.length; i++) {
      int from = 0;

      for (int axis = 0; axis < rank; axis++) {
        from += index[axis] * strides[order[axis]];
      }

      result[i] = values[from];

      for (int axis = rank - 1; axis >= 0 && ++index[axis] == newShape[axis]; axis--) {
        index[axis] = 0;
      }
    }

    return new Tensor(newShape, result);
  }
}
