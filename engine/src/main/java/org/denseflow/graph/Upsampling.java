package org.denseflow.graph;

import org.denseflow.geometry.Size;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Bilinear resizing of maps by two constant interpolation matrices, R · X · Cᵀ, since SameDiff's
 * own resizing has no gradient. Input coordinates outside of the map are clamped to its border.
 */
public final class Upsampling {
  /** Which points of the two grids coincide. */
  public enum Corners {
    /** The centres of the corner cells: output i looks at i · (in - 1) / (out - 1). */
    ALIGNED,
    /** The outer edges: output i looks at (i + 0.5) · in / out - 0.5. */
    EDGES;

    /** Where output i of a number looks at the input, clamped to the input's border. */
    public double position(int i, int in, int out) {
      double position =
          switch (this) {
            case ALIGNED -> out == 1 ? 0 : i * (in - 1.0) / (out - 1);
            case EDGES -> (i + 0.5) * in / out - 0.5;
          };
      return Math.max(0, Math.min(in - 1, position));
    }
  }

  private Upsampling() {}

  /**
   * Resizes.
   *
   * @param map {@code [batch, h, w, channels]}, of size from
   * @return {@code [batch, h', w', channels]}, of size to
   */
  public static SDVariable apply(
      SDVariable map, int channels, Size from, Size to, Corners corners) {
    SDVariable rows =
        Constants.matrix(map, transposed(matrix(from.height(), to.height(), corners)));
    SDVariable columns =
        Constants.matrix(map, transposed(matrix(from.width(), to.width(), corners)));
    // [b, c, h, w] · [w, w'], then [b, c, w', h] · [h, h']
    SDVariable wide = map.permute(0, 3, 1, 2).reshape(-1, from.width()).mmul(columns);
    SDVariable turned = wide.reshape(-1, channels, from.height(), to.width()).permute(0, 1, 3, 2);
    SDVariable both = turned.reshape(-1, from.height()).mmul(rows);
    return both.reshape(-1, channels, to.width(), to.height()).permute(0, 3, 2, 1);
  }

  /** The weights of the inputs in each output, {@code [out][in]}; rows sum to 1. */
  static double[][] matrix(int in, int out, Corners corners) {
    double[][] weights = new double[out][in];

    for (int i = 0; i < out; i++) {
      double position = corners.position(i, in, out);
      int left = (int) position;
      int right = Math.min(left + 1, in - 1);
      weights[i][left] += 1 - (position - left);
      weights[i][right] += position - left;
    }

    return weights;
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] result = new double[matrix[0].length][matrix.length];

    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < result.length; j++) {
        result[j][i] = matrix[i][j];
      }
    }

    return result;
  }
}
