package org.denseflow.matcher.guided;

import java.util.Arrays;
import java.util.Map;
import org.denseflow.weights.Tensor;

/** Layers in loops, in double precision. */
final class NaiveLayers {

  private NaiveLayers() {}

  /** With 'same' padding: of an odd number of padded rows or columns one more is behind. */
  static double[][][] convolution(
      Map<String, Tensor> tensors, String name, double[][][] input, int stride) {
    Tensor weight = tensors.get(name + ".weight");
    float[] bias = tensors.get(name + ".bias").values();
    int kernel = weight.shape()[0];
    int in = weight.shape()[2];
    int out = weight.shape()[3];
    int height = (input.length + stride - 1) / stride;
    int width = (input[0].length + stride - 1) / stride;
    int top = Math.max(0, (height - 1) * stride + kernel - input.length) / 2;
    int left = Math.max(0, (width - 1) * stride + kernel - input[0].length) / 2;
    double[][][] result = new double[height][width][out];

    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int o = 0; o < out; o++) {
          double value = bias[o];

          for (int k = 0; k < kernel * kernel; k++) {
            int row = y * stride - top + k / kernel;
            int column = x * stride - left + k % kernel;

            for (int c = 0; c < in; c++) {
              boolean inside =
                  row >= 0 && column >= 0 && row < input.length && column < input[0].length;
              value += inside ? weight.values()[(k * in + c) * out + o] * input[row][column][c] : 0;
            }
          }

          result[y][x][o] = value;
        }
      }
    }

    return result;
  }

  static double[][][] rectified(double[][][] map) {
    for (double[][] row : map) {
      for (double[] cell : row) {
        Arrays.setAll(cell, c -> Math.max(0, cell[c]));
      }
    }

    return map;
  }
}
