package org.denseflow.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.denseflow.geometry.Size;
import org.junit.jupiter.api.Test;

class FeatureStatisticsTest {
  private static final int CHANNELS = 4;

  private final Random random = new Random(9);

  @Test
  void ofTwoPointsByHand() {
    float[] values = {1, 2, 3, 6, 100, 100};
    FeatureStatistics statistics =
        FeatureStatistics.of(values, 2, new boolean[] {true, true, false});
    assertThat(statistics.mean()).containsExactly(2, 4);
    assertThat(statistics.covariance()).isDeepEqualTo(new double[][] {{1, 2}, {2, 4}});
    assertThat(statistics.gram()).isDeepEqualTo(new double[][] {{5, 10}, {10, 20}});
    assertThatThrownBy(() -> FeatureStatistics.of(values, 2, new boolean[3]))
        .hasMessageContaining("the region is empty");
  }

  @Test
  void imposedFeaturesHaveTheStatisticsInsideAndStayOutside() {
    StyleFeatures features = features(20, 1, 2);
    StyleFeatures other = features(30, 5, 0.7);
    boolean[] region = new boolean[400];
    Arrays.fill(region, 0, 300, true);
    boolean[] all = new boolean[900];
    Arrays.fill(all, true);
    FeatureStatistics wanted = FeatureStatistics.of(other.values(), CHANNELS, all);
    StyleFeatures imposed = wanted.imposedOn(features, region);
    FeatureStatistics found = FeatureStatistics.of(imposed.values(), CHANNELS, region);

    for (int a = 0; a < CHANNELS; a++) {
      assertThat(found.mean()[a]).isCloseTo(wanted.mean()[a], within(1e-5));
      assertThat(found.covariance()[a]).containsExactly(wanted.covariance()[a], within(1e-4));
    }

    assertThat(Arrays.copyOfRange(imposed.values(), 300 * CHANNELS, 400 * CHANNELS))
        .isEqualTo(Arrays.copyOfRange(features.values(), 300 * CHANNELS, 400 * CHANNELS));
    assertThat(found.distance(wanted)).isLessThan(1e-2);
  }

  @Test
  void uncorrelatedChannelsAreTransportedEachByItself() {
    FeatureStatistics from =
        new FeatureStatistics(new double[] {0, 0}, new double[][] {{4, 0}, {0, 1}});
    FeatureStatistics to =
        new FeatureStatistics(new double[] {3, 4}, new double[][] {{1, 0}, {0, 9}});
    double[][] transport = from.transport(to);
    assertThat(transport[0]).containsExactly(new double[] {0.5, 0}, within(1e-9));
    assertThat(transport[1]).containsExactly(new double[] {0, 3}, within(1e-9));
    assertThat(from.distance(to)).isCloseTo(Math.sqrt(25 + 1 + 4), within(1e-9));
    assertThat(to.distance(from)).isCloseTo(from.distance(to), within(1e-9));
  }

  /** Correlated channels. */
  private StyleFeatures features(int side, double mean, double scale) {
    float[] values = new float[side * side * CHANNELS];
    double[][] mix = new double[CHANNELS][CHANNELS];

    for (double[] row : mix) {
      Arrays.setAll(row, k -> scale * random.nextGaussian());
    }

    for (int i = 0; i < side * side; i++) {
      double[] free = random.doubles(CHANNELS, -1, 1).toArray();

      for (int a = 0; a < CHANNELS; a++) {
        double value = mean;

        for (int b = 0; b < CHANNELS; b++) {
          value += mix[a][b] * free[b];
        }

        values[i * CHANNELS + a] = (float) value;
      }
    }

    return new StyleFeatures(new Size(side, side), CHANNELS, values);
  }
}
