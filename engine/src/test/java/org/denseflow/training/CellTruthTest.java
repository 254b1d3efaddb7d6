package org.denseflow.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.denseflow.graph.GridSize;
import org.denseflow.image.Mask;
import org.junit.jupiter.api.Test;

/** A disc on a grid of 6x6, under both rules for masks. */
class CellTruthTest {
  private static final GridSize GRID = new GridSize(6, 6);
  private static final Mask DISC = disc();

  @Test
  void theTriangleFilterIsPillows() {
    assertThat(CellTruth.filteredMask(DISC, Optional.empty(), GRID, 0.1).data().asFloat())
        .containsExactly(
            0, 0, 0, 0, 0, 0, //
            0, 0, 1, 0, 0, 0, //
            1, 1, 1, 1, 0, 0, //
            1, 1, 1, 1, 0, 0, //
            0, 1, 1, 1, 0, 0, //
            0, 0, 0, 0, 0, 0);
  }

  @Test
  void theAreaOfACellIsItsOwn() {
    float[] values = CellTruth.mask(DISC, Optional.empty(), GRID, 0.1).data().asFloat();

    for (int i = 0; i < values.length; i++) {
      int count = 0;

      for (int k = 0; k < 16; k++) {
        count += DISC.at(i % 6 * 4 + k % 4, i / 6 * 4 + k / 4) ? 1 : 0;
      }

      assertThat(values[i]).isEqualTo(count > 1.6 ? 1 : 0);
    }
  }

  private static Mask disc() {
    boolean[] inside = new boolean[24 * 24];

    for (int i = 0; i < inside.length; i++) {
      int x = i % 24 - 9;
      int y = i / 24 - 13;
      inside[i] = x * x + y * y < 40;
    }

    return new Mask(24, 24, inside);
  }
}
