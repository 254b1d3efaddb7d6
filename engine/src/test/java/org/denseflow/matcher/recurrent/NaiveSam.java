package org.denseflow.matcher.recurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.NaiveLayers;
import org.denseflow.weights.Tensor;

/**
 * SAM-Net with style features of relu3_1 in loops, in double precision; as many style features as
 * cells of the matching grid. Maps are {@code [h][w][channels]}.
 */
final class NaiveSam {
  private final Map<String, Tensor> tensors;
  private final double temperature;

  NaiveSam(Map<String, Tensor> tensors, double temperature) {
    this.tensors = tensors;
    this.temperature = temperature;
  }

  /** Relu1_2, relu2_2 and relu3_1 of an image from 0 to 1. */
  private record Levels(double[][][] first, double[][][] second, double[][][] code) {}

  /** What the passes leave: fields {@code [h·w][6]} and the stylised image after each. */
  record Passes(List<double[][]> fields, List<double[][][]> images) {}

  /** Eq. 5 to 10; maps are the backbone's. */
  Passes passes(
      double[][][] sourceMap,
      RgbImage sourceImage,
      double[][][] targetMap,
      RgbImage targetImage,
      int[] dilations) {
    double[][][] reduced = NaiveRtn.reduced(tensors, "rtn.", sourceMap);
    Levels source = encode(unit(sourceImage));
    Levels target = encode(unit(targetImage));
    double[][][] own = upright(together(reduced, source.code()));
    double[][][] other = together(NaiveRtn.reduced(tensors, "rtn.", targetMap), target.code());
    double[][][] stylised = own;
    double[][] fields = new double[own.length * own[0].length][6];
    Passes passes = new Passes(new ArrayList<>(), new ArrayList<>());

    for (int pass = 0; pass < dilations.length; pass++) {
      double lambda = 1 - Math.exp(-(pass + 1));
      double[][][] mixed = mixed(own, stylised, lambda);
      double[][][] seen = NaiveRtn.described(tensors, "rtn.", other, fields);
      NaiveRtn.move(fields, tensors, mixed, seen, dilations[pass]);
      double[][] alpha = confidence(mixed, NaiveRtn.described(tensors, "rtn.", other, fields));
      double[][][] code = mixed(source.code(), blended(target.code(), fields, alpha), lambda);
      double[][][] image = decode(code, source);
      stylised = upright(together(reduced, encode(image).code()));
      passes.fields().add(Arrays.stream(fields).map(double[]::clone).toArray(double[][]::new));
      passes.images().add(image);
    }

    return passes;
  }

  private double[][][] upright(double[][][] map) {
    return NaiveRtn.described(tensors, "rtn.", map, null);
  }

  /** The code less its mean, at length 1, by a matrix, beside the features. */
  private double[][][] together(double[][][] features, double[][][] code) {
    float[] weight = tensors.get(SamNetwork.STYLE).values();
    int channels = code[0][0].length;
    int cells = code.length * code[0].length;
    double[] mean = new double[channels];

    for (double[][] row : code) {
      for (double[] cell : row) {
        Arrays.setAll(mean, c -> mean[c] + cell[c] / cells);
      }
    }

    double[][][] result = new double[features.length][features[0].length][];

    for (int y = 0; y < result.length; y++) {
      for (int x = 0; x < result[0].length; x++) {
        double squares = 1e-6;

        for (int c = 0; c < channels; c++) {
          squares += Math.pow(code[y][x][c] - mean[c], 2);
        }

        double[] sum = features[y][x].clone();

        for (int k = 0; k < channels * sum.length; k++) {
          int c = k / sum.length;
          sum[k % sum.length] += weight[k] * (code[y][x][c] - mean[c]) / Math.sqrt(squares);
        }

        result[y][x] = sum;
      }
    }

    return result;
  }

  /** Eq. 9: how sure the middle of the window is. */
  private double[][] confidence(double[][][] source, double[][][] target) {
    double[][][] window = NaiveRtn.window(source, target, 1);
    double[][] alpha = new double[source.length][source[0].length];

    for (int y = 0; y < alpha.length; y++) {
      for (int x = 0; x < alpha[0].length; x++) {
        double sum = 0;

        for (double cosine : window[y][x]) {
          sum += Math.exp(temperature * cosine);
        }

        alpha[y][x] = Math.exp(temperature * window[y][x][4]) / sum;
      }
    }

    return alpha;
  }

  /** Eq. 8. */
  private static double[][][] blended(double[][][] code, double[][] fields, double[][] alpha) {
    int height = code.length;
    int width = code[0].length;
    double[][][] result = new double[height][width][code[0][0].length];

    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double total = 1e-9;

        for (int j = 0; j < width * height; j++) {
          int dx = x - j % width;
          int dy = y - j / width;

          if (Math.abs(dx) <= 1 && Math.abs(dy) <= 1) {
            double weight = alpha[j / width][j % width];
            double[] f = fields[j];
            total += weight;
            add(
                code,
                x + f[0] * dx + f[1] * dy + f[2],
                y + f[3] * dx + f[4] * dy + f[5],
                weight,
                result[y][x]);
          }
        }

        double all = total;
        double[] cell = result[y][x];
        Arrays.setAll(cell, c -> cell[c] / all);
      }
    }

    return result;
  }

  /** Bilinear; beyond the map its border. */
  private static void add(double[][][] map, double x, double y, double weight, double[] to) {
    double u = Math.max(0, Math.min(map[0].length - 1, x));
    double v = Math.max(0, Math.min(map.length - 1, y));

    for (int row = 0; row < map.length; row++) {
      for (int column = 0; column < map[0].length; column++) {
        double share = Math.max(0, 1 - Math.abs(u - column)) * Math.max(0, 1 - Math.abs(v - row));

        for (int c = 0; share > 0 && c < to.length; c++) {
          to[c] += weight * share * map[row][column][c];
        }
      }
    }
  }

  private Levels encode(double[][][] image) {
    double[][][] colour = convolution("encoder.colour", image);
    double[][][] first = rectified("encoder.conv1_2", rectified("encoder.conv1_1", colour));
    double[][][] second = rectified("encoder.conv2_2", rectified("encoder.conv2_1", halved(first)));
    return new Levels(first, second, rectified("encoder.conv3_1", halved(second)));
  }

  /** Eq. 10 in testing: half from below and half from the source. */
  private double[][][] decode(double[][][] code, Levels source) {
    double[][][] x = doubled(rectified("decoder.conv3_1", code));
    x = rectified("decoder.conv2_2", mixed(x, source.second(), 0.5));
    x = doubled(rectified("decoder.conv2_1", x));
    x = rectified("decoder.conv1_2", mixed(x, source.first(), 0.5));
    return convolution("decoder.conv1_1", x);
  }

  private double[][][] rectified(String name, double[][][] map) {
    return NaiveLayers.rectified(convolution(name, map));
  }

  /** Kernels are {@code [out, in, kH, kW]}; beyond the border are the pixels beside it. */
  private double[][][] convolution(String name, double[][][] map) {
    Tensor weight = tensors.get(name + ".weight");
    float[] bias = tensors.get(name + ".bias").values();
    int in = weight.shape()[1];
    int side = weight.shape()[2];
    double[][][] result = new double[map.length][map[0].length][weight.shape()[0]];

    for (int y = 0; y < map.length; y++) {
      for (int x = 0; x < map[0].length; x++) {
        for (int o = 0; o < bias.length; o++) {
          double sum = bias[o];

          for (int k = 0; k < side * side; k++) {
            double[] cell =
                map[mirrored(y + k / side - side / 2, map.length)][
                    mirrored(x + k % side - side / 2, map[0].length)];

            for (int c = 0; c < in; c++) {
              sum += weight.values()[(o * in + c) * side * side + k] * cell[c];
            }
          }

          result[y][x][o] = sum;
        }
      }
    }

    return result;
  }

  /** -1 is 1, and the one after the last is the one before it. */
  private static int mirrored(int i, int size) {
    return i < 0 ? -i : i >= size ? 2 * size - 2 - i : i;
  }

  private static double[][][] halved(double[][][] map) {
    double[][][] result = new double[map.length / 2][map[0].length / 2][];

    for (int y = 0; y < result.length; y++) {
      for (int x = 0; x < result[0].length; x++) {
        double[][] four = {
          map[2 * y][2 * x], map[2 * y][2 * x + 1], map[2 * y + 1][2 * x], map[2 * y + 1][2 * x + 1]
        };
        double[] largest = four[0].clone();

        for (double[] cell : four) {
          Arrays.setAll(largest, c -> Math.max(largest[c], cell[c]));
        }

        result[y][x] = largest;
      }
    }

    return result;
  }

  private static double[][][] doubled(double[][][] map) {
    double[][][] result = new double[2 * map.length][2 * map[0].length][];

    for (int y = 0; y < result.length; y++) {
      for (int x = 0; x < result[0].length; x++) {
        result[y][x] = map[y / 2][x / 2];
      }
    }

    return result;
  }

  private static double[][][] mixed(double[][][] a, double[][][] b, double share) {
    double[][][] result = new double[a.length][a[0].length][a[0][0].length];

    for (int y = 0; y < a.length; y++) {
      for (int x = 0; x < a[0].length; x++) {
        for (int c = 0; c < a[0][0].length; c++) {
          result[y][x][c] = (1 - share) * a[y][x][c] + share * b[y][x][c];
        }
      }
    }

    return result;
  }

  private static double[][][] unit(RgbImage image) {
    double[][][] result = new double[image.height()][image.width()][3];

    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        for (int c = 0; c < 3; c++) {
          result[y][x][c] = image.at(x, y, c) / 255.0;
        }
      }
    }

    return result;
  }
}
