package org.denseflow.matcher.guided;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.guided.GuidedParameters.Agreement;
import org.junit.jupiter.api.Test;

/** The listed matches against all pairs of cells in double precision. */
class DisplacementAgreementTest {
  private static final Size SOURCE = new Size(10, 8);
  private static final Size TARGET = new Size(9, 12);
  private static final CorrelationVolume VOLUME =
      new CorrelationVolume(SOURCE, TARGET, new float[SOURCE.cells() * TARGET.cells()]);
  private static final Agreement PARAMETERS = new Agreement(5, 7);

  private final DisplacementAgreement agreement = new DisplacementAgreement(PARAMETERS);

  @Test
  void agreesWithAllPairsOfCells() {
    Random random = new Random(2);
    int[] best = new int[SOURCE.cells()];
    float[] confidence = new float[SOURCE.cells()];

    for (int s = 0; s < best.length; s++) {
      best[s] = (int) Math.min(TARGET.cells() - 1, s * 1.2 + random.nextInt(20));
      confidence[s] = Math.max(0, random.nextFloat() - 0.4f);
    }

    float[] weighed = confidence.clone();
    double mean = agreement.weigh(VOLUME, best, weighed);
    double sum = 0;
    int count = 0;

    for (int s = 0; s < best.length; s++) {
      double own = naive(s, best, confidence);
      assertThat((double) weighed[s]).isCloseTo(confidence[s] * own * own, within(1e-5));
      sum += confidence[s] > 0 ? own : 0;
      count += confidence[s] > 0 ? 1 : 0;
    }

    assertThat(mean).isCloseTo(sum / count, within(1e-5)).isBetween(0.1, 0.9);
  }

  private static double naive(int s, int[] best, float[] confidence) {
    double weights = 0;
    double agreeing = 0;

    for (int t = 0; t < best.length; t++) {
      double x = (t % 10 - s % 10) / 10.0;
      double y = (t / 10 - s / 10) / 8.0;

      if (t != s && Math.max(Math.abs(x), Math.abs(y)) <= PARAMETERS.window() / 20) {
        double dx = (best[t] % 9 - best[s] % 9) / 9.0 - x;
        double dy = (best[t] / 9 - best[s] / 9) / 12.0 - y;
        double r = 20 * Math.hypot(dx, dy) / PARAMETERS.tolerance();
        weights += confidence[t];
        agreeing += confidence[t] * (r < 1 ? (1 - r * r) * (1 - r * r) : 0);
      }
    }

    return weights > 0 ? agreeing / weights : 0;
  }

  @Test
  void matchesThatMoveAlikeAgreeAndAnotherDoesNot() {
    CorrelationVolume square =
        new CorrelationVolume(SOURCE, SOURCE, new float[SOURCE.cells() * SOURCE.cells()]);
    int[] best = new int[SOURCE.cells()];
    float[] confidence = new float[SOURCE.cells()];
    Arrays.setAll(best, s -> s);
    Arrays.fill(confidence, 1);
    assertThat(agreement.weigh(square, best, confidence)).isEqualTo(1);
    assertThat(confidence).containsOnly(1);
    best[34] = 79;
    agreement.weigh(square, best, confidence);
    assertThat(confidence[34]).isZero();
    assertThat(confidence[35]).isBetween(0.5f, 0.95f);
  }

  @Test
  void aMatchWithoutNeighboursAgreesWithNone() {
    float[] confidence = new float[SOURCE.cells()];
    confidence[3] = 1;
    assertThat(agreement.weigh(VOLUME, new int[SOURCE.cells()], confidence)).isZero();
    assertThat(confidence).containsOnly(0);
    assertThat(agreement.weigh(VOLUME, new int[SOURCE.cells()], confidence)).isZero();
  }
}
