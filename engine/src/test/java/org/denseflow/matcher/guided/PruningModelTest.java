package org.denseflow.matcher.guided;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.Displacements;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.NaiveLayers;
import org.denseflow.weights.SafetensorsFile;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pruning network from a model file, against the same in loops in double precision. */
class PruningModelTest {
  private static final int CHANNELS = 3;
  private static final int WIDTH = 7;
  private static final int HEIGHT = 5;
  private static final double SIGMA = 3;

  @TempDir private Path folder;

  private final Random random = new Random(5);

  @Test
  void trustIsThatOfTheNaiveNetwork() throws IOException {
    Map<String, Tensor> tensors = randomTensors();
    CorrelationVolume volume = volume(WIDTH, HEIGHT, 6, 4);
    float[] trusted = read(tensors, "gsf").pruning().trusted(volume);
    PruningInput input = PruningInput.of(volume, SIGMA);
    Displacements grid = input.grid();

    for (int d = 0; d < grid.count(); d++) {
      double[][][] logits = naive(tensors, slice(input, d));

      for (int i = 0; i < grid.cells(); i++) {
        int x = i % WIDTH + grid.x(d);
        int y = i / WIDTH + grid.y(d);

        if (x >= 0 && y >= 0 && x < 6 && y < 4) {
          double consistency = input.values()[3 * (d * grid.cells() + i)];
          double expected = consistency / (1 + Math.exp(-logits[i / WIDTH][i % WIDTH][0]));
          assertThat((double) trusted[i * 24 + y * 6 + x]).isCloseTo(expected, within(1e-5));
        }
      }
    }
  }

  @Test
  void consistencyIsTheSquareOverTheLargestOfRowAndColumn() {
    CorrelationVolume volume = volume(WIDTH, HEIGHT, 6, 4);
    float[] consistency = PruningInput.consistency(volume);

    for (int i = 0; i < volume.rows(); i++) {
      for (int j = 0; j < volume.columns(); j++) {
        double row = 0;
        double column = 0;

        for (int k = 0; k < volume.columns(); k++) {
          row = Math.max(row, volume.at(i, k));
        }

        for (int k = 0; k < volume.rows(); k++) {
          column = Math.max(column, volume.at(k, j));
        }

        double own = volume.at(i, j);
        assertThat((double) consistency[i * volume.columns() + j])
            .isCloseTo(own * own / (row * column), within(1e-6));
      }
    }
  }

  @Test
  void whereNoMatchIsTrustedAllMutualOnesGuide() throws IOException {
    String one = "propagation-sigma = [6], modulation-sigma = [6], refinement-beta = 20, ";
    GuidedParameters all = GuidedMatchingTest.parameters(one + "threshold = 0");
    GuidedParameters none = GuidedMatchingTest.parameters(one + "threshold = 0.999999");
    Optional<GsfModel> model = Optional.of(read(randomTensors(), "gsf"));
    CorrelationVolume volume = volume(WIDTH, HEIGHT, WIDTH, HEIGHT);
    Match trusting = new GuidedMatching(all, model, false).read(volume);
    Match fallback =
        new GuidedMatching(none, model, false).read(volume(WIDTH, HEIGHT, WIDTH, HEIGHT));
    assertThat(trusting.fallback()).isEqualTo(Match.Fallback.NONE);
    assertThat(fallback.fallback()).isEqualTo(Match.Fallback.NO_CONFIDENT_MATCH);
    assertThat(fallback.confident()).isEqualTo(trusting.confident()).isPositive();
  }

  @Test
  void modelsOfOtherSystemsAndBackbonesAreRefused() throws IOException {
    Path other = file(randomTensors(), "sfnet");
    assertThatThrownBy(
            () -> GsfModel.read(other, new BackboneIdentity("hog", List.of("hog"), "none")))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining("made with system sfnet, here it is gsf");
    Path own = file(randomTensors(), "gsf");
    assertThatThrownBy(
            () -> GsfModel.read(own, new BackboneIdentity("vgg16", List.of("hog"), "none")))
        .hasMessageContaining("made with backbone hog, here it is vgg16");
    Map<String, Tensor> less = randomTensors();
    less.remove("pruning.decode1.weight");
    Path broken = file(less, "gsf");
    assertThatThrownBy(
            () -> GsfModel.read(broken, new BackboneIdentity("hog", List.of("hog"), "none")))
        .hasMessageContaining("missing pruning.decode1.weight");
  }

  private GsfModel read(Map<String, Tensor> tensors, String system) throws IOException {
    return GsfModel.read(
        file(tensors, system), new BackboneIdentity("hog", List.of("hog"), "none"));
  }

  @Test
  void aModelWhoseNumbersAreMissingOrNoneIsRefused() throws IOException {
    for (String number : List.of("", "three", "NaN", "-1", "Infinity")) {
      Path broken = file(randomTensors(), "gsf", number);
      assertThatThrownBy(
              () -> GsfModel.read(broken, new BackboneIdentity("hog", List.of("hog"), "none")))
          .isInstanceOf(WeightException.class)
          .hasMessageContaining("its denseflow.support-sigma is not a positive number, found");
    }
  }

  private Path file(Map<String, Tensor> tensors, String system) throws IOException {
    return file(tensors, system, String.valueOf(SIGMA));
  }

  private Path file(Map<String, Tensor> tensors, String system, String supportSigma)
      throws IOException {
    Path file = folder.resolve(system + random.nextInt() + ".safetensors");
    SafetensorsFile.write(
        file,
        tensors,
        Map.of(
            "denseflow.system",
            system,
            "denseflow.backbone",
            "hog",
            "denseflow.taps",
            "hog",
            "denseflow.backbone-weights",
            "none",
            GsfLearner.SUPPORT_SIGMA,
            supportSigma));
    return file;
  }

  private Map<String, Tensor> randomTensors() {
    return NaiveLayers.random(PruningNetwork.tensors(CHANNELS), random);
  }

  private CorrelationVolume volume(int width, int height, int targetWidth, int targetHeight) {
    Random own = new Random(8);
    float[] values = new float[width * height * targetWidth * targetHeight];

    for (int i = 0; i < values.length; i++) {
      values[i] = own.nextFloat();
    }

    return new CorrelationVolume(
        new Size(width, height), new Size(targetWidth, targetHeight), values);
  }

  private static double[][][] slice(PruningInput input, int d) {
    double[][][] slice = new double[HEIGHT][WIDTH][3];

    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      for (int c = 0; c < 3; c++) {
        slice[i / WIDTH][i % WIDTH][c] = input.values()[3 * (d * WIDTH * HEIGHT + i) + c];
      }
    }

    return slice;
  }

  private static double[][][] naive(Map<String, Tensor> tensors, double[][][] input) {
    double[][][] encoded =
        NaiveLayers.rectified(NaiveLayers.convolution(tensors, "pruning.encode1", input, 2));
    double[][][] deep =
        NaiveLayers.rectified(NaiveLayers.convolution(tensors, "pruning.encode2", encoded, 2));
    double[][][] wide = NaiveLayers.resized(deep, encoded.length, encoded[0].length);
    double[][][] joined =
        NaiveLayers.rectified(
            sum(NaiveLayers.convolution(tensors, "pruning.decode1", wide, 1), encoded));
    double[][][] output =
        NaiveLayers.resized(
            NaiveLayers.convolution(tensors, "pruning.decode2", joined, 1), HEIGHT, WIDTH);
    float[] evidence = tensors.get("pruning.evidence.weight").values();

    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        output[y][x][0] += tensors.get("pruning.evidence.bias").values()[0];

        for (int c = 0; c < 3; c++) {
          output[y][x][0] += evidence[c] * input[y][x][c];
        }
      }
    }

    return output;
  }

  private static double[][][] sum(double[][][] a, double[][][] b) {
    for (int y = 0; y < a.length; y++) {
      for (int x = 0; x < a[0].length; x++) {
        for (int c = 0; c < a[0][0].length; c++) {
          a[y][x][c] += b[y][x][c];
        }
      }
    }

    return a;
  }
}
