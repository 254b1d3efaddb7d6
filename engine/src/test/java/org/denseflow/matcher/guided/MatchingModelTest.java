package org.denseflow.matcher.guided;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.NaiveLayers;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightMap;
import org.junit.jupiter.api.Test;

/** The matching network from a model, against the same in loops in double precision. */
class MatchingModelTest {
  private static final int WIDTH = 5;
  private static final int HEIGHT = 4;
  private static final int TARGET_WIDTH = 6;
  private static final int TARGET_HEIGHT = 3;
  private static final MatchingNetwork.Window WINDOW = new MatchingNetwork.Window(2, 5, 8);

  private final Random random = new Random(3);

  @Test
  void residualIsThatOfTheNaiveNetwork() {
    Map<String, Tensor> tensors = randomTensors(3);
    CorrelationVolume volume = volume();
    double[] guidance = random.doubles(2 * volume.rows(), -1, 5).toArray();
    float[] residual = model(tensors).residual(volume, volume.values(), guidance);
    double[][][] modulated = modulated(volume, guidance);
    double[][][] added =
        NaiveLayers.convolution(
            tensors,
            "matching.decode",
            NaiveLayers.rectified(
                NaiveLayers.convolution(tensors, "matching.encode", modulated, 1)),
            1);

    for (int i = 0; i < volume.rows(); i++) {
      double[] expected = softArgmax(modulated[i / WIDTH][i % WIDTH], added[i / WIDTH][i % WIDTH]);
      assertThat((double) residual[2 * i]).isCloseTo(expected[0], within(1e-5));
      assertThat((double) residual[2 * i + 1]).isCloseTo(expected[1], within(1e-5));
    }
  }

  @Test
  void anUntrainedNetworkMovesToThePeak() {
    Map<String, Tensor> tensors = randomTensors(3);
    Arrays.fill(tensors.get("matching.decode.weight").values(), 0);
    Arrays.fill(tensors.get("matching.decode.bias").values(), 0);
    CorrelationVolume volume = volume();
    Arrays.fill(volume.values(), 0);
    volume.values()[7 * volume.columns() + TARGET_WIDTH + 3] = 5;
    double[] guidance = new double[2 * volume.rows()];
    Arrays.fill(guidance, 2);
    float[] residual = model(tensors).residual(volume, volume.values(), guidance);
    assertThat(residual[14]).isCloseTo(1, within(1e-3f));
    assertThat(residual[15]).isCloseTo(-1, within(1e-3f));
    assertThat(residual[0]).isCloseTo(0, within(1e-6f));
  }

  @Test
  void modelsOfTheFirstStageHaveNone() {
    WeightMap map = new WeightMap("model", "none", randomTensors(3), Map.of());
    assertThat(MatchingModel.tensors(map)).isEmpty();
    assertThat(MatchingModel.of(map)).isEmpty();
  }

  private static MatchingModel model(Map<String, Tensor> tensors) {
    Map<String, String> metadata = new LinkedHashMap<>();
    MatchingModel.describe(WINDOW, metadata);
    Optional<MatchingModel> model =
        MatchingModel.of(new WeightMap("model", "none", tensors, metadata));
    return model.orElseThrow();
  }

  private Map<String, Tensor> randomTensors(int channels) {
    return NaiveLayers.random(MatchingNetwork.tensors(channels, WINDOW.places()), random);
  }

  private CorrelationVolume volume() {
    float[] values = new float[WIDTH * HEIGHT * TARGET_WIDTH * TARGET_HEIGHT];

    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }

    return new CorrelationVolume(
        new Size(WIDTH, HEIGHT), new Size(TARGET_WIDTH, TARGET_HEIGHT), values);
  }

  private static double[][][] modulated(CorrelationVolume volume, double[] guidance) {
    double sigmaX = WINDOW.sigma() * TARGET_WIDTH / 20;
    double sigmaY = WINDOW.sigma() * TARGET_HEIGHT / 20;
    double[][][] result = new double[HEIGHT][WIDTH][25];

    for (int i = 0; i < volume.rows(); i++) {
      for (int k = 0; k < 25; k++) {
        double dx = k % 5 - 2;
        double dy = k / 5 - 2;
        double value = 0;

        for (int j = 0; j < volume.columns(); j++) {
          double wx = 1 - Math.abs(guidance[2 * i] + dx - j % TARGET_WIDTH);
          double wy = 1 - Math.abs(guidance[2 * i + 1] + dy - j / TARGET_WIDTH);
          value += Math.max(0, wx) * Math.max(0, wy) * volume.at(i, j);
        }

        double squared = dx * dx / (sigmaX * sigmaX) + dy * dy / (sigmaY * sigmaY);
        result[i / WIDTH][i % WIDTH][k] = value * Math.exp(-squared / 2);
      }
    }

    return result;
  }

  private static double[] softArgmax(double[] modulated, double[] added) {
    double total = 0;
    double x = 0;
    double y = 0;

    for (int k = 0; k < modulated.length; k++) {
      double weight = Math.exp(WINDOW.beta() * modulated[k] + added[k]);
      total += weight;
      x += weight * (k % 5 - 2);
      y += weight * (k / 5 - 2);
    }

    return new double[] {x / total, y / total};
  }
}
