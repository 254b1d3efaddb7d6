package org.denseflow.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.denseflow.geometry.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against loops over all candidates, with values of which many are equal. */
class MutualConsistencyTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 2", "8, 4", "11, 3", "19, 19", "20, 20", "25, 13", "40, 30"})
  void theFirstOfEqualCandidatesIsTheBest(int width, int height) {
    int columns = width * height;
    int rows = 30;
    float[] values = new float[rows * columns];
    Random random = new Random(columns);

    for (int k = 0; k < values.length; k++) {
      values[k] = k < columns ? 0 : random.nextInt(4) / 4f;
    }

    MutualConsistency mutual =
        MutualConsistency.of(
            new CorrelationVolume(new Size(rows, 1), new Size(width, height), values));
    boolean[] chosen = new boolean[columns];

    for (int i = 0; i < rows; i++) {
      int best = 0;

      for (int j = 0; j < columns; j++) {
        best = values[i * columns + j] > values[i * columns + best] ? j : best;
      }

      float value = values[i * columns + best];
      float rival = 0;

      for (int k = 0; k < rows; k++) {
        rival = Math.max(rival, values[k * columns + best]);
      }

      boolean chooses = value > 0 && value == rival;
      assertThat(mutual.bestTarget()[i]).isEqualTo(best);
      assertThat(mutual.consistency()[i]).isEqualTo(value > 0 ? value / rival : 0);
      assertThat(mutual.mutual()[i]).isEqualTo(chooses && !chosen[best] ? 1 : 0);
      chosen[best] |= chooses;
    }
  }
}
