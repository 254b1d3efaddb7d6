package org.denseflow.matcher.guided;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.Random;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.geometry.Size;
import org.junit.jupiter.api.Test;

/** Fast sums against the normal equations of each cell, solved by elimination. */
class MovingLeastSquaresTest {
  private static final Size SOURCE = new Size(7, 5);
  private static final Size TARGET = new Size(9, 8);
  private static final CorrelationVolume VOLUME =
      new CorrelationVolume(SOURCE, TARGET, new float[SOURCE.cells() * TARGET.cells()]);

  private final Random random = new Random(4);
  private final int[] best = new int[SOURCE.cells()];
  private final float[] confidence = new float[SOURCE.cells()];
  private final double[] guidance = new double[2 * SOURCE.cells()];

  @Test
  void affineMapsAreThoseOfTheNormalEquations() {
    scatter();

    for (double ridge : new double[] {0.5, 16, 400}) {
      int found =
          new MovingLeastSquares(SOURCE, 6, Optional.of(ridge))
              .propagate(VOLUME, best, confidence, guidance);
      assertThat(found).isEqualTo(12);

      for (int i = 0; i < SOURCE.cells(); i++) {
        double[] expected = naive(i, 6, ridge);
        assertThat(guidance[2 * i]).isCloseTo(expected[0], within(1e-9));
        assertThat(guidance[2 * i + 1]).isCloseTo(expected[1], within(1e-9));
      }
    }
  }

  @Test
  void aVeryLargeRidgeGivesTranslations() {
    scatter();
    double[] translated = new double[guidance.length];
    new MovingLeastSquares(SOURCE, 6, Optional.empty())
        .propagate(VOLUME, best, confidence, translated);
    new MovingLeastSquares(SOURCE, 6, Optional.of(1e12))
        .propagate(VOLUME, best, confidence, guidance);
    assertThat(guidance).containsExactly(translated, within(1e-6));
  }

  @Test
  void oneMatchMovesTheWholeGridLikeItself() {
    best[0] = 2 * TARGET.width() + 3;
    confidence[0] = 0.1f;
    new MovingLeastSquares(SOURCE, 1, Optional.of(16.0))
        .propagate(VOLUME, best, confidence, guidance);
    double dx = 3.5 - 0.5 * TARGET.width() / SOURCE.width();
    int last = SOURCE.width() - 1;
    double own = (last + 0.5) * TARGET.width() / SOURCE.width() - 0.5;
    assertThat(guidance[2 * last]).isCloseTo(own + dx, within(1e-9));
  }

  @Test
  void aMirroredFieldIsFollowedExactlyWithHardlyAnyRidge() {
    Size grid = new Size(12, 12);
    int[] mirrored = new int[grid.cells()];
    float[] some = new float[grid.cells()];

    for (int i = 0; i < mirrored.length; i++) {
      mirrored[i] = i - i % 12 + 11 - i % 12;
      some[i] = random.nextInt(4) == 0 ? 1 : 0;
    }

    double[] result = new double[2 * grid.cells()];
    new MovingLeastSquares(grid, 4, Optional.of(1e-9))
        .propagate(new CorrelationVolume(grid, grid, new float[144 * 144]), mirrored, some, result);

    for (int i = 0; i < mirrored.length; i++) {
      assertThat(result[2 * i]).isCloseTo(11 - i % 12, within(1e-4));
      assertThat(result[2 * i + 1]).isCloseTo(i / 12, within(1e-4));
    }
  }

  private void scatter() {
    for (int k = 0; k < 12; k++) {
      int cell = 3 * k - k % 2;
      best[cell] = random.nextInt(TARGET.cells());
      confidence[cell] = 0.1f + random.nextFloat();
    }
  }

  /** Minimises Σ w |a + B (s − i) − d_s|² + λ Σ w |B|² over a and B, in cells of a 20-cell grid. */
  private double[] naive(int i, double sigma, double ridge) {
    double[][] system = new double[3][5];
    double total = 0;

    for (int s = 0; s < SOURCE.cells(); s++) {
      double ox = (s % SOURCE.width() - i % SOURCE.width()) * 20.0 / SOURCE.width();
      double oy = (s / SOURCE.width() - i / SOURCE.width()) * 20.0 / SOURCE.height();
      double weight = confidence[s] * Math.exp(-(ox * ox + oy * oy) / (2 * sigma * sigma));
      double[] row = {
        1, ox, oy, best[s] % TARGET.width() - along(s, 0), best[s] / TARGET.width() - along(s, 1)
      };
      total += weight;

      for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 5; c++) {
          system[r][c] += weight * row[r] * row[c];
        }
      }
    }

    system[1][1] += ridge * total;
    system[2][2] += ridge * total;

    for (int pivot = 2; pivot > 0; pivot--) {
      for (int r = 0; r < pivot; r++) {
        double factor = system[r][pivot] / system[pivot][pivot];

        for (int c = 0; c < 5; c++) {
          system[r][c] -= factor * system[pivot][c];
        }
      }
    }

    return new double[] {
      along(i, 0) + system[0][3] / system[0][0], along(i, 1) + system[0][4] / system[0][0]
    };
  }

  /** Where a source cell lies relatively on the target grid. */
  private static double along(int cell, int component) {
    return component == 0
        ? (cell % SOURCE.width() + 0.5) * TARGET.width() / SOURCE.width() - 0.5
        : (cell / SOURCE.width() + 0.5) * TARGET.height() / SOURCE.height() - 0.5;
  }
}
