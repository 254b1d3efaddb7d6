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
import org.denseflow.geometry.Size;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.NaiveLayers;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
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
                model.describe(features(source), image),
                List.of(model.describe(features(target), image)))
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
      NaiveRtn.move(fields, tensors, own, seen, shape.dilation(pass));

      assertFields(result.fields().get(pass), coarse ? finest(fields) : fields);
    }

    double[][] last = shape.coarsePasses() == PASSES ? finest(fields) : fields;
    double[][][] own = described(tensors, "rtn.", source, HEIGHT, WIDTH, null);
    double[][][] matched = described(tensors, "rtn.", target, HEIGHT, WIDTH, last);

    for (int i = 0; i < last.length; i++) {
      double expected = NaiveRtn.dot(own[i / WIDTH][i % WIDTH], matched[i / WIDTH][i % WIDTH]);
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

  private static CellFeatures features(double[][][] map) {
    INDArray cells = Nd4j.create(floats(map), new long[] {WIDTH * HEIGHT, 4}, 'c');
    return new CellFeatures(
        new Size(WIDTH, HEIGHT), List.of(new FeatureMap("hog", new Size(WIDTH, HEIGHT), 4, cells)));
  }

  private static float[] floats(double[][][] map) {
    float[] values = new float[HEIGHT * WIDTH * map[0][0].length];

    for (int i = 0; i < values.length; i++) {
      int cell = i / map[0][0].length;
      values[i] = (float) map[cell / WIDTH][cell % WIDTH][i % map[0][0].length];
    }

    return values;
  }

  private static double[][][] described(
      Map<String, Tensor> tensors,
      String prefix,
      double[][][] features,
      int height,
      int width,
      double[][] fields) {
    double[][][] map = NaiveLayers.resized(features, height, width);
    return NaiveRtn.described(tensors, prefix, NaiveRtn.reduced(tensors, prefix, map), fields);
  }
}
