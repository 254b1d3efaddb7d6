package org.denseflow.matcher.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.Random;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.MutualConsistency;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.PeakRefinement;
import org.denseflow.matcher.nn.KernelSoftArgmaxParameters.Argmax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nearest neighbours by hand; the kernel soft argmax against its equations in double precision. */
class ReadOutTest {

  @Test
  void nearestNeighbourByHand() {
    // Two source cells in a row, two target cells in a row; both sources prefer target 1.
    float[] values = {0.2f, 0.9f, 0.1f, 0.6f};
    Match all =
        new NearestNeighbour(NearestNeighbour.Validity.ALL)
            .read(new CorrelationVolume(new Size(2, 1), new Size(2, 1), values.clone()));
    assertThat(all.flow().displacement()).containsExactly(0.5f, 0, 0, 0);
    assertThat(all.flow().confidence())
        .containsExactly(new float[] {1, 0.6f / 0.9f}, within(1e-6f));
    assertThat(all.score()).isCloseTo(0.75, within(1e-6));
    Match mutual =
        new NearestNeighbour(NearestNeighbour.Validity.MUTUAL)
            .read(new CorrelationVolume(new Size(2, 1), new Size(2, 1), values.clone()));
    assertThat(mutual.flow().valid()).containsExactly(true, false);
    assertThat(mutual.confident()).isEqualTo(1);
  }

  @Test
  void refinedNearestNeighbourByHand() {
    // Target 1 of three in a row is best; softmax of 2 · (0.5, 0.9, 0.7) weighs all three.
    float[] values = {0.5f, 0.9f, 0.7f, -1, -1, -1};
    double a = Math.exp(1);
    double b = Math.exp(1.8);
    double c = Math.exp(1.4);
    Match match =
        new NearestNeighbour(NearestNeighbour.Validity.ALL, Optional.of(new PeakRefinement(2)))
            .read(new CorrelationVolume(new Size(2, 1), new Size(3, 1), values));
    double x = ((b + 2 * c) / (a + b + c) + 0.5) / 3;
    assertThat(match.flow().displacement()[0]).isCloseTo((float) (x - 0.25), within(1e-6f));
    assertThat(match.flow().valid()).containsExactly(true, false);
    assertThat(match.flow().displacement()[2]).isNotNaN();
  }

  @Test
  void consistencyIsQOfEquation4() {
    Random random = new Random(5);
    float[] values = new float[6 * 8];

    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }

    CorrelationVolume volume = new CorrelationVolume(new Size(3, 2), new Size(4, 2), values);
    MutualConsistency mutual = MutualConsistency.of(volume);

    for (int i = 0; i < 6; i++) {
      int j = mutual.bestTarget()[i];
      double rowMax = 0;
      double columnMax = 0;

      for (int k = 0; k < 8; k++) {
        rowMax = Math.max(rowMax, volume.at(i, k));
      }

      for (int k = 0; k < 6; k++) {
        columnMax = Math.max(columnMax, volume.at(k, j));
      }

      double q = volume.at(i, j) * volume.at(i, j) / (rowMax * columnMax);
      assertThat((double) mutual.consistency()[i]).isCloseTo(q, within(1e-6));
    }
  }

  @ParameterizedTest
  @CsvSource({"HARD,TWENTIETH", "SOFT,TWENTIETH", "KERNEL,TWENTIETH", "KERNEL,CELL"})
  void kernelSoftArgmaxAgreesWithEquations2And3(Argmax argmax, SigmaUnit unit) {
    int w = 5;
    int h = 4;
    Random random = new Random(9);
    float[] values = new float[w * h * w * h];

    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.3f;
    }

    double beta = 50;
    double sigma = argmax == Argmax.SOFT ? 1e9 : argmax == Argmax.HARD ? 1e-9 : 5;
    double sigmaX = unit == SigmaUnit.CELL ? sigma : sigma * w / 20;
    double sigmaY = unit == SigmaUnit.CELL ? sigma : sigma * h / 20;
    Match match =
        new KernelSoftArgmax(new KernelSoftArgmaxParameters(beta, 5, unit, argmax))
            .read(new CorrelationVolume(new Size(w, h), new Size(w, h), values.clone()));

    for (int i = 0; i < w * h; i++) {
      double[] q = expected(values, i, w, h, beta, sigmaX, sigmaY);
      assertThat(match.flow().displacement()[2 * i])
          .isCloseTo((float) ((q[0] - i % w) / w), within(1e-4f));
      assertThat(match.flow().displacement()[2 * i + 1])
          .isCloseTo((float) ((q[1] - i / w) / h), within(1e-4f));
    }
  }

  private static double[] expected(
      float[] values, int i, int w, int h, double beta, double sigmaX, double sigmaY) {
    double[] row = new double[w * h];
    double norm = 1e-6;
    int best = 0;

    for (int j = 0; j < row.length; j++) {
      row[j] = Math.max(0, values[i * w * h + j]);
      norm += row[j] * row[j];
      best = row[j] > row[best] ? j : best;
    }

    double total = 0;
    double x = 0;
    double y = 0;

    for (int j = 0; j < row.length; j++) {
      double ax = (j % w - best % w) / sigmaX;
      double ay = (j / w - best / w) / sigmaY;
      double kernel = Math.exp(-(ax * ax + ay * ay) / 2);
      double weight = Math.exp(beta * kernel * row[j] / Math.sqrt(norm));
      total += weight;
      x += weight * (j % w);
      y += weight * (j / w);
    }

    return sigmaX < 1e-6 ? new double[] {best % w, best / w} : new double[] {x / total, y / total};
  }
}
