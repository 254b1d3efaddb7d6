package org.denseflow.matcher;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.denseflow.weights.Tensor;

/** Layers in loops, in double precision. */
public final class NaiveLayers {

  private NaiveLayers() {}

  /** With 'same' padding: of an odd number of padded rows or columns one more is behind. */
  public static double[][][] convolution(
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

  /** Changes the map itself. */
  public static double[][][] rectified(double[][][] map) {
    for (double[][] row : map) {
      for (double[] cell : row) {
        Arrays.setAll(cell, c -> Math.max(0, cell[c]));
      }
    }

    return map;
  }

  /** Bilinear, the outer edges of both grids coincide. */
  public static double[][][] resized(double[][][] map, int height, int width) {
    double[][][] result = new double[height][width][map[0][0].length];

    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double v = clamp((y + 0.5) * map.length / height - 0.5, map.length);
        double u = clamp((x + 0.5) * map[0].length / width - 0.5, map[0].length);

        for (int row = 0; row < map.length; row++) {
          for (int column = 0; column < map[0].length; column++) {
            double weight =
                Math.max(0, 1 - Math.abs(v - row)) * Math.max(0, 1 - Math.abs(u - column));

            for (int c = 0; c < map[0][0].length; c++) {
              result[y][x][c] += weight * map[row][column][c];
            }
          }
        }
      }
    }

    return result;
  }

  private static double clamp(double position, int size) {
    return Math.max(0, Math.min(size - 1, position));
  }

  /** Tensors of small normally distributed values. */
  public static Map<String, Tensor> random(Map<String, int[]> shapes, Random random) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];

          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.3 * random.nextGaussian());
          }

          tensors.put(name, new Tensor(shape, values));
        });
    return tensors;
  }
}
