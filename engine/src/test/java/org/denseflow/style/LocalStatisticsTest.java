package org.denseflow.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.denseflow.geometry.Size;
import org.junit.jupiter.api.Test;

class LocalStatisticsTest {
  private static final int WIDTH = 9;
  private static final int HEIGHT = 7;
  private static final double SIGMA = 1.5;

  private final Random random = new Random(4);

  @Test
  void agreesWithSumsOverTheWindow() {
    StyleFeatures features = features(1);
    StyleFeatures other = features(3);
    boolean[] region = new boolean[WIDTH * HEIGHT];

    for (int i = 0; i < region.length; i++) {
      region[i] = i % 5 != 2;
    }

    StyleFeatures result =
        new LocalStatistics(new Size(WIDTH, HEIGHT), region, SIGMA).impose(features, other);

    for (int i = 0; i < region.length; i++) {
      for (int c = 0; c < 2; c++) {
        double[] from = moments(features, region, i, c);
        double[] to = moments(other, region, i, c);
        double value = features.values()[2 * i + c];
        double expected = to[0] + Math.min(4, to[1] / from[1]) * (value - from[0]);
        assertThat((double) result.values()[2 * i + c])
            .isCloseTo(region[i] ? expected : value, within(1e-4));
      }
    }
  }

  /** Weighted mean and deviation around a cell, cell by cell; the window ends at 4 cells. */
  private static double[] moments(StyleFeatures features, boolean[] region, int at, int channel) {
    double total = 0;
    double sum = 0;
    double squares = 0;

    for (int j = 0; j < region.length; j++) {
      int dx = j % WIDTH - at % WIDTH;
      int dy = j / WIDTH - at / WIDTH;

      if (region[j] && Math.abs(dx) <= 4 && Math.abs(dy) <= 4) {
        double weight = Math.exp(-(dx * dx + dy * dy) / (2 * SIGMA * SIGMA));
        double value = features.values()[2 * j + channel];
        total += weight;
        sum += weight * value;
        squares += weight * value * value;
      }
    }

    double mean = sum / total;
    return new double[] {mean, Math.sqrt(Math.max(0, squares / total - mean * mean) + 1e-4)};
  }

  private StyleFeatures features(double scale) {
    float[] values = new float[2 * WIDTH * HEIGHT];

    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian() + 1);
    }

    return new StyleFeatures(new Size(WIDTH, HEIGHT), 2, values);
  }
}
