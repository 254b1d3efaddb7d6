package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.denseflow.backbone.hog.HogCells;
import org.junit.jupiter.api.Test;

/** W C Wᵀ is the identity, where C is the covariance that the whitening W is meant for. */
class HogWhiteningTest {
  private static final int CELLS = RegionHog.SIDE * RegionHog.SIDE;

  @Test
  void turnsItsCovarianceIntoTheIdentity() {
    double[][] whitening = new double[CELLS][CELLS];

    for (int column = 0; column < CELLS; column++) {
      float[] unit = new float[2 * RegionHog.LENGTH];
      unit[column * HogCells.CHANNELS + 3] = 1;
      HogWhitening.apply(unit);

      for (int row = 0; row < CELLS; row++) {
        whitening[row][column] = unit[row * HogCells.CHANNELS + 3];
        assertThat(unit[RegionHog.LENGTH + row * HogCells.CHANNELS + 3]).isZero();
        assertThat(unit[row * HogCells.CHANNELS + 4]).isZero();
      }
    }

    for (int a = 0; a < CELLS; a++) {
      for (int b = 0; b < CELLS; b++) {
        double sum = 0;

        for (int i = 0; i < CELLS; i++) {
          for (int j = 0; j < CELLS; j++) {
            sum += whitening[a][i] * covariance(i, j) * whitening[b][j];
          }
        }

        assertThat(sum).isCloseTo(a == b ? 1 : 0, within(1e-5));
      }
    }
  }

  private static double covariance(int a, int b) {
    int x = Math.abs(a % RegionHog.SIDE - b % RegionHog.SIDE);
    int y = Math.abs(a / RegionHog.SIDE - b / RegionHog.SIDE);
    return Math.pow(0.4, x + y);
  }
}
