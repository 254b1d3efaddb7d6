package org.denseflow.matcher.recurrent;

import java.util.Arrays;
import java.util.Map;
import org.denseflow.matcher.NaiveLayers;
import org.denseflow.weights.Tensor;

/**
 * The parts of RTNs in loops, in double precision: three channels, a window of 3x3 places and three
 * levels of the geometric matching network. Maps are {@code [h][w][channels]}, fields {@code
 * [h·w][6]}.
 */
final class NaiveRtn {
  private static final int CHANNELS = 3;

  private NaiveRtn() {}

  /** The backbone's features less their mean, by a matrix. */
  static double[][][] reduced(Map<String, Tensor> tensors, String prefix, double[][][] map) {
    float[] weight = tensors.get(prefix + "reduce.weight").values();
    int features = map[0][0].length;
    int width = map[0].length;
    int cells = map.length * width;
    double[] mean = new double[features];
    double[][][] result = new double[map.length][width][CHANNELS];

    for (double[][] row : map) {
      for (double[] cell : row) {
        Arrays.setAll(mean, c -> mean[c] + cell[c] / cells);
      }
    }

    for (int i = 0; i < cells; i++) {
      double[] cell = map[i / width][i % width];

      for (int k = 0; k < features * CHANNELS; k++) {
        result[i / width][i % width][k % CHANNELS] +=
            weight[k] * (cell[k / CHANNELS] - mean[k / CHANNELS]);
      }
    }

    return result;
  }

  /**
   * Section 4.2, normalised.
   *
   * @param reduced features
   * @param fields null for upright ones
   */
  static double[][][] described(
      Map<String, Tensor> tensors, String prefix, double[][][] reduced, double[][] fields) {
    float[] weight = tensors.get(prefix + "last.weight").values();
    float[] bias = tensors.get(prefix + "last.bias").values();
    int height = reduced.length;
    int width = reduced[0].length;
    double[][][] result = new double[height][width][CHANNELS];

    for (int i = 0; i < width * height; i++) {
      double[] cell = result[i / width][i % width];
      double[] t = fields == null ? new double[6] : fields[i];

      for (int k = 0; k < 9; k++) {
        int ox = k % 3 - 1;
        int oy = k / 3 - 1;
        double x = i % width + t[2] + (1 + t[0]) * ox + t[1] * oy;
        double y = i / width + t[5] + t[3] * ox + (1 + t[4]) * oy;

        for (int c = 0; c < CHANNELS; c++) {
          double value = bilinear(reduced, x, y, c);

          for (int o = 0; o < CHANNELS; o++) {
            cell[o] += weight[(k * CHANNELS + c) * CHANNELS + o] * value;
          }
        }
      }

      for (int o = 0; o < CHANNELS; o++) {
        cell[o] += bias[o];
      }

      double norm = Math.sqrt(dot(cell, cell) + 1e-6);
      Arrays.setAll(cell, o -> cell[o] / norm);
    }

    return result;
  }

  /** Beyond the map 0. */
  private static double bilinear(double[][][] map, double x, double y, int c) {
    double value = 0;
    int width = map[0].length;

    for (int q = 0; q < width * map.length; q++) {
      double weight =
          Math.max(0, 1 - Math.abs(x - q % width)) * Math.max(0, 1 - Math.abs(y - q / width));
      value += weight * map[q / width][q % width][c];
    }

    return value;
  }

  /** Cosines in a window of 3x3 places; beyond the grid 0. */
  static double[][][] window(double[][][] source, double[][][] target, int dilation) {
    int height = source.length;
    int width = source[0].length;
    double[][][] result = new double[height][width][9];

    for (int i = 0; i < width * height; i++) {
      for (int k = 0; k < 9; k++) {
        int x = i % width + dilation * (k % 3 - 1);
        int y = i / width + dilation * (k / 3 - 1);

        if (x >= 0 && y >= 0 && x < width && y < height) {
          result[i / width][i % width][k] = dot(source[i / width][i % width], target[y][x]);
        }
      }
    }

    return result;
  }

  /** Eq. 2 in a 3x3 window. */
  private static double[][][] volume(double[][][] source, double[][][] target, int dilation) {
    double[][][] result = window(source, target, dilation);

    for (double[][] row : result) {
      for (double[] cell : row) {
        double mean = Arrays.stream(cell).average().getAsDouble();
        Arrays.setAll(cell, k -> cell[k] - mean);
        double norm = Math.sqrt(dot(cell, cell) + 1e-2);
        Arrays.setAll(cell, k -> 3 * cell[k] / norm);
      }
    }

    return result;
  }

  /** A pass, Eq. 4: adds to the fields what the geometric matching network says. */
  static void move(
      double[][] fields,
      Map<String, Tensor> tensors,
      double[][][] source,
      double[][][] target,
      int dilation) {
    double[][][] residual = geometry(tensors, volume(source, target, dilation));
    int width = source[0].length;

    for (int i = 0; i < fields.length; i++) {
      for (int k = 0; k < 6; k++) {
        fields[i][k] += (k % 3 == 2 ? 1 : 0.1) * residual[i / width][i % width][k];
      }
    }
  }

  private static double[][][] geometry(Map<String, Tensor> tensors, double[][][] volume) {
    double[][][] fine = twice(tensors, "rtn.encode0", volume);
    double[][][] middle = twice(tensors, "rtn.encode1", pooled(fine));
    double[][][] deep = twice(tensors, "rtn.encode2", pooled(middle));
    double[][][] back =
        twice(
            tensors,
            "rtn.decode1",
            joined(NaiveLayers.resized(deep, middle.length, middle[0].length), middle));
    double[][][] full =
        twice(
            tensors,
            "rtn.decode0",
            joined(NaiveLayers.resized(back, fine.length, fine[0].length), fine));
    return NaiveLayers.convolution(tensors, "rtn.output", full, 1);
  }

  private static double[][][] twice(Map<String, Tensor> tensors, String name, double[][][] map) {
    double[][][] first =
        NaiveLayers.rectified(NaiveLayers.convolution(tensors, name + "a", map, 1));
    return NaiveLayers.rectified(NaiveLayers.convolution(tensors, name + "b", first, 1));
  }

  /** The largest of 2x2; at odd borders of those that are there. */
  private static double[][][] pooled(double[][][] map) {
    double[][][] result =
        new double[(map.length + 1) / 2][(map[0].length + 1) / 2][map[0][0].length];

    for (int y = 0; y < map.length; y++) {
      for (int x = 0; x < map[0].length; x++) {
        for (int c = 0; c < map[0][0].length; c++) {
          double[] cell = result[y / 2][x / 2];
          cell[c] = Math.max(cell[c], map[y][x][c]);
        }
      }
    }

    return result;
  }

  private static double[][][] joined(double[][][] a, double[][][] b) {
    double[][][] result = new double[a.length][a[0].length][];

    for (int y = 0; y < a.length; y++) {
      for (int x = 0; x < a[0].length; x++) {
        double[] both = Arrays.copyOf(a[y][x], a[y][x].length + b[y][x].length);
        System.arraycopy(b[y][x], 0, both, a[y][x].length, b[y][x].length);
        result[y][x] = both;
      }
    }

    return result;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;

    for (int c = 0; c < a.length; c++) {
      sum += a[c] * b[c];
    }

    return sum;
  }
}
