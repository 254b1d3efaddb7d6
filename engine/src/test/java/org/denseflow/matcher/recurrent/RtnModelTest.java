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
import org.denseflow.backbone.BackboneIdentity;
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
  private static final int PASSES = 3;
  private static final RtnShape SHAPE =
      new RtnShape(4, 3, 1, List.of(2, 1), 0, 3, List.of(2, 3, 2));

  @TempDir private Path folder;

  private final Random random = new Random(4);

  @Test
  void passesAreThoseOfTheNaiveNetwork() throws IOException {
    passesAreNaive(SHAPE);
  }

  @Test
  void firstPassesMayBeOnACoarserGrid() throws IOException {
    passesAreNaive(new RtnShape(4, 3, 1, List.of(2, 1), 1, 3, List.of(2, 3, 2)));
    passesAreNaive(new RtnShape(4, 3, 1, List.of(1), 3, 3, List.of(2, 3, 2)));
  }

  private void passesAreNaive(RtnShape shape) throws IOException {
    Map<String, Tensor> tensors = NaiveLayers.random(shape.tensors(), random);
    double[][][] source = map(shape.features());
    double[][][] target = map(shape.features());
    RtnModel model = read(tensors, shape.metadata());
    RgbImage image = new RgbImage(1, 1, new byte[3]);
    RecurrentModel.Result result =
        model
            .match(
                model.describe(List.of(features(source)), image),
                List.of(model.describe(List.of(features(target)), image)))
            .get(0);
    double[][] fields = new double[0][];

    for (int pass = 0; pass < PASSES; pass++) {
      boolean coarse = pass < shape.coarsePasses();
      int height = coarse ? (HEIGHT + 1) / 2 : HEIGHT;
      int width = coarse ? (WIDTH + 1) / 2 : WIDTH;
      String prefix = coarse ? "rtn.coarse-" : "rtn.";

      if (pass == 0) {
        fields = new double[height * width][6];
      } else if (pass == shape.coarsePasses()) {
        fields = finest(fields);
      }

      double[][][] own = described(tensors, prefix, source, height, width, null);
      double[][][] seen = described(tensors, prefix, target, height, width, fields);
      double[][][] residual = geometry(tensors, volume(own, seen, shape.dilation(pass)));

      for (int i = 0; i < fields.length; i++) {
        for (int k = 0; k < 6; k++) {
          fields[i][k] += (k % 3 == 2 ? 1 : 0.1) * residual[i / width][i % width][k];
        }
      }

      assertFields(result.fields().get(pass), coarse ? finest(fields) : fields);
    }

    double[][] last = shape.coarsePasses() == PASSES ? finest(fields) : fields;
    double[][][] own = described(tensors, "rtn.", source, HEIGHT, WIDTH, null);
    double[][][] matched = described(tensors, "rtn.", target, HEIGHT, WIDTH, last);

    for (int i = 0; i < last.length; i++) {
      double expected = dot(own[i / WIDTH][i % WIDTH], matched[i / WIDTH][i % WIDTH]);
      assertThat((double) result.cosine()[i]).isCloseTo(expected, within(1e-3));
      double[] position = result.position(PASSES - 1, i, WIDTH);
      assertThat(position[0]).isCloseTo(i % WIDTH + last[i][2], within(1e-3));
      assertThat(position[1]).isCloseTo(i / WIDTH + last[i][5], within(1e-3));
    }
  }

  private static void assertFields(float[] found, double[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      for (int k = 0; k < 6; k++) {
        assertThat((double) found[6 * i + k]).isCloseTo(expected[i][k], within(1e-3));
      }
    }
  }

  /** Fields of the coarse grid in cells of the fine one, by their places. */
  private static double[][] finest(double[][] fields) {
    int width = (WIDTH + 1) / 2;
    double[][][] map = new double[fields.length / width][width][];

    for (int i = 0; i < fields.length; i++) {
      map[i / width][i % width] = fields[i];
    }

    double[][][] wide = NaiveLayers.resized(map, HEIGHT, WIDTH);
    double[][] result = new double[HEIGHT * WIDTH][];
    double x = (double) WIDTH / width;
    double y = (double) HEIGHT / map.length;

    for (int i = 0; i < result.length; i++) {
      double[] f = wide[i / WIDTH][i % WIDTH];
      result[i] = new double[] {f[0], f[1] * x / y, f[2] * x, f[3] * y / x, f[4], f[5] * y};
    }

    return result;
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
    return RtnModel.read(file, new BackboneIdentity("hog", List.of("hog"), "none"), PASSES);
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
        "hog",
        HEIGHT,
        WIDTH,
        4,
        // an array of its own, as it may be closed
        Nd4j.createFromArray(floats(map)).reshape('c', WIDTH * HEIGHT, 4).dup('c'));
  }

  private static float[] floats(double[][][] map) {
    float[] values = new float[HEIGHT * WIDTH * map[0][0].length];

    for (int i = 0; i < values.length; i++) {
      int cell = i / map[0][0].length;
      values[i] = (float) map[cell / WIDTH][cell % WIDTH][i % map[0][0].length];
    }

    return values;
  }

  private static double[][][] reduced(float[] weight, double[][][] map) {
    double[] mean = new double[4];
    int cells = map.length * map[0].length;
    double[][][] result = new double[map.length][map[0].length][3];

    for (double[][] row : map) {
      for (double[] cell : row) {
        java.util.Arrays.setAll(mean, c -> mean[c] + cell[c] / cells);
      }
    }

    for (int i = 0; i < cells; i++) {
      double[] cell = map[i / map[0].length][i % map[0].length];

      for (int k = 0; k < 12; k++) {
        result[i / map[0].length][i % map[0].length][k % 3] +=
            weight[k] * (cell[k / 3] - mean[k / 3]);
      }
    }

    return result;
  }

  /**
   * Section 4.2, normalised.
   *
   * @param fields null for upright ones
   */
  private static double[][][] described(
      Map<String, Tensor> tensors,
      String prefix,
      double[][][] features,
      int height,
      int width,
      double[][] fields) {
    double[][][] map =
        reduced(
            tensors.get(prefix + "reduce.weight").values(),
            NaiveLayers.resized(features, height, width));
    float[] weight = tensors.get(prefix + "last.weight").values();
    float[] bias = tensors.get(prefix + "last.bias").values();
    double[][][] result = new double[height][width][3];

    for (int i = 0; i < width * height; i++) {
      double[] cell = result[i / width][i % width];
      double[] t = fields == null ? new double[6] : fields[i];

      for (int k = 0; k < 9; k++) {
        int ox = k % 3 - 1;
        int oy = k / 3 - 1;
        double x = i % width + t[2] + (1 + t[0]) * ox + t[1] * oy;
        double y = i / width + t[5] + t[3] * ox + (1 + t[4]) * oy;

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
    int width = map[0].length;

    for (int q = 0; q < width * map.length; q++) {
      double weight =
          Math.max(0, 1 - Math.abs(x - q % width)) * Math.max(0, 1 - Math.abs(y - q / width));
      value += weight * map[q / width][q % width][c];
    }

    return value;
  }

  /** Eq. 2 in a 3x3 window. */
  private static double[][][] volume(double[][][] source, double[][][] target, int dilation) {
    int height = source.length;
    int width = source[0].length;
    double[][][] result = new double[height][width][9];

    for (int i = 0; i < width * height; i++) {
      double[] cell = result[i / width][i % width];

      for (int k = 0; k < 9; k++) {
        int x = i % width + dilation * (k % 3 - 1);
        int y = i / width + dilation * (k / 3 - 1);

        if (x >= 0 && y >= 0 && x < width && y < height) {
          cell[k] = dot(source[i / width][i % width], target[y][x]);
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
