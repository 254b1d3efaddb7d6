package org.denseflow.matcher.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.NaiveLayers;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

/** The networks of RTNs from a model file, against the same in loops in double precision. */
class RtnModelTest {
  private static final int WIDTH = 5;
  private static final int HEIGHT = 4;
  private static final RtnShape SHAPE = new RtnShape(4, 3, 1, List.of(2, 1), 3, List.of(2, 3, 2));

  @TempDir private Path folder;

  private final Random random = new Random(4);

  @Test
  void passesAreThoseOfTheNaiveNetwork() throws IOException {
    Map<String, Tensor> tensors = NaiveLayers.random(SHAPE.tensors(), random);
    double[][][] source = map(SHAPE.features());
    double[][][] target = map(SHAPE.features());
    RtnModel model = read(tensors, SHAPE.metadata());
    RgbImage image = new RgbImage(1, 1, new byte[3]);
    RecurrentModel.Result result =
        model.match(
            model.describe(List.of(features(source)), image),
            model.describe(List.of(features(target)), image));
    double[][] fields = new double[WIDTH * HEIGHT][6];
    double[][][] own = described(tensors, reduced(tensors, source), fields);
    double[][][] reduced = reduced(tensors, target);

    for (int pass = 0; pass < 3; pass++) {
      double[][][] seen = described(tensors, reduced, fields);
      double[][][] residual = geometry(tensors, volume(own, seen, pass == 0 ? 2 : 1));

      for (int i = 0; i < fields.length; i++) {
        for (int k = 0; k < 6; k++) {
          fields[i][k] += (k % 3 == 2 ? 1 : 0.1) * residual[i / WIDTH][i % WIDTH][k];
          assertThat((double) result.fields().get(pass)[6 * i + k])
              .isCloseTo(fields[i][k], within(1e-3));
        }
      }
    }

    double[][][] matched = described(tensors, reduced, fields);

    for (int i = 0; i < fields.length; i++) {
      double expected = dot(own[i / WIDTH][i % WIDTH], matched[i / WIDTH][i % WIDTH]);
      assertThat((double) result.cosine()[i]).isCloseTo(expected, within(1e-3));
      double[] position = result.position(2, i, WIDTH);
      assertThat(position[0]).isCloseTo(i % WIDTH + fields[i][2], within(1e-3));
      assertThat(position[1]).isCloseTo(i / WIDTH + fields[i][5], within(1e-3));
    }
  }

  @Test
  void modelsWithBrokenStatementsAreRefused() {
    for (String dilation : List.of("", "0", "1,", "1;2")) {
      Map<String, String> broken = SHAPE.metadata();
      broken.put("denseflow.dilation", dilation);
      assertThatThrownBy(() -> read(NaiveLayers.random(SHAPE.tensors(), random), broken))
          .isInstanceOf(WeightException.class)
          .hasMessageContaining("its denseflow.dilation is not a list of dilations");
    }

    Map<String, Tensor> less = NaiveLayers.random(SHAPE.tensors(), random);
    less.remove("rtn.decode1b.weight");
    assertThatThrownBy(() -> read(less, SHAPE.metadata()))
        .hasMessageContaining("missing rtn.decode1b.weight");
  }

  private RtnModel read(Map<String, Tensor> tensors, Map<String, String> stated)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(stated);
    metadata.put("denseflow.system", "rtn");
    metadata.put("denseflow.backbone", "hog");
    metadata.put("denseflow.taps", "hog");
    metadata.put("denseflow.backbone-weights", "none");
    Path file = folder.resolve(random.nextInt() + ".safetensors");
    SafetensorsFile.write(file, tensors, metadata);
    return RtnModel.read(file, "hog", List.of("hog"), "none", 3);
  }

  private double[][][] map(int channels) {
    double[][][] map = new double[HEIGHT][WIDTH][channels];

    for (double[][] row : map) {
      for (double[] cell : row) {
        java.util.Arrays.setAll(cell, c -> (float) random.nextGaussian());
      }
    }

    return map;
  }

  private static FeatureMap features(double[][][] map) {
    return new FeatureMap(
        "hog", HEIGHT, WIDTH, 4, Nd4j.createFromArray(floats(map)).reshape('c', WIDTH * HEIGHT, 4));
  }

  private static float[] floats(double[][][] map) {
    float[] values = new float[HEIGHT * WIDTH * map[0][0].length];

    for (int i = 0; i < values.length; i++) {
      int cell = i / map[0][0].length;
      values[i] = (float) map[cell / WIDTH][cell % WIDTH][i % map[0][0].length];
    }

    return values;
  }

  private static double[][][] reduced(Map<String, Tensor> tensors, double[][][] map) {
    float[] weight = tensors.get("rtn.reduce.weight").values();
    double[] mean = new double[4];
    double[][][] result = new double[HEIGHT][WIDTH][3];

    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      double[] cell = map[i / WIDTH][i % WIDTH];
      java.util.Arrays.setAll(mean, c -> mean[c] + cell[c] / (WIDTH * HEIGHT));
    }

    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      for (int k = 0; k < 12; k++) {
        result[i / WIDTH][i % WIDTH][k % 3] +=
            weight[k] * (map[i / WIDTH][i % WIDTH][k / 3] - mean[k / 3]);
      }
    }

    return result;
  }

  /** Section 4.2, normalised. */
  private static double[][][] described(
      Map<String, Tensor> tensors, double[][][] map, double[][] fields) {
    float[] weight = tensors.get("rtn.last.weight").values();
    float[] bias = tensors.get("rtn.last.bias").values();
    double[][][] result = new double[HEIGHT][WIDTH][3];

    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      double[] cell = result[i / WIDTH][i % WIDTH];
      double[] t = fields[i];

      for (int k = 0; k < 9; k++) {
        int ox = k % 3 - 1;
        int oy = k / 3 - 1;
        double x = i % WIDTH + t[2] + (1 + t[0]) * ox + t[1] * oy;
        double y = i / WIDTH + t[5] + t[3] * ox + (1 + t[4]) * oy;

        for (int c = 0; c < 3; c++) {
          double value = bilinear(map, x, y, c);

          for (int o = 0; o < 3; o++) {
            cell[o] += weight[(k * 3 + c) * 3 + o] * value;
          }
        }
      }

      for (int o = 0; o < 3; o++) {
        cell[o] += bias[o];
      }

      double norm = Math.sqrt(dot(cell, cell) + 1e-6);
      java.util.Arrays.setAll(cell, o -> cell[o] / norm);
    }

    return result;
  }

  private static double bilinear(double[][][] map, double x, double y, int c) {
    double value = 0;

    for (int q = 0; q < WIDTH * HEIGHT; q++) {
      double weight =
          Math.max(0, 1 - Math.abs(x - q % WIDTH)) * Math.max(0, 1 - Math.abs(y - q / WIDTH));
      value += weight * map[q / WIDTH][q % WIDTH][c];
    }

    return value;
  }

  /** Eq. 2 in a 3x3 window. */
  private static double[][][] volume(double[][][] source, double[][][] target, int dilation) {
    double[][][] result = new double[HEIGHT][WIDTH][9];

    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      double[] cell = result[i / WIDTH][i % WIDTH];

      for (int k = 0; k < 9; k++) {
        int x = i % WIDTH + dilation * (k % 3 - 1);
        int y = i / WIDTH + dilation * (k / 3 - 1);

        if (x >= 0 && y >= 0 && x < WIDTH && y < HEIGHT) {
          cell[k] = dot(source[i / WIDTH][i % WIDTH], target[y][x]);
        }
      }

      double mean = java.util.Arrays.stream(cell).average().getAsDouble();
      java.util.Arrays.setAll(cell, k -> cell[k] - mean);
      double norm = Math.sqrt(dot(cell, cell) + 1e-2);
      java.util.Arrays.setAll(cell, k -> 3 * cell[k] / norm);
    }

    return result;
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
        twice(tensors, "rtn.decode0", joined(NaiveLayers.resized(back, HEIGHT, WIDTH), fine));
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
        double[] both = java.util.Arrays.copyOf(a[y][x], a[y][x].length + b[y][x].length);
        System.arraycopy(b[y][x], 0, both, a[y][x].length, b[y][x].length);
        result[y][x] = both;
      }
    }

    return result;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;

    for (int c = 0; c < a.length; c++) {
      sum += a[c] * b[c];
    }

    return sum;
  }
}
