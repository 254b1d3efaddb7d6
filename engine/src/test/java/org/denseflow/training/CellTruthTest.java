package org.denseflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.denseflow.synthesis.GroundTruth;
import org.denseflow.synthesis.PairRecipe;
import org.denseflow.synthesis.TestPairs;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A disc on a grid of 6x6, under both rules for masks, and pairs whose flow is an affine map. */
class CellTruthTest {
  private static final Size GRID = new Size(6, 6);
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

  /**
   * The views are affine maps S and T of one image, so that a cell at p lies at T^-1 S p in the
   * target, and is shown by it where that is inside.
   */
  @Test
  void theFlowOfARecipeIsTheCompositionOfItsMaps() {
    PairRecipe recipe = TestPairs.draw(48, 3).recipe();
    double[] own = recipe.source().map().projective().m();
    double[] other = recipe.target().map().projective().m();
    double determinant = other[0] * other[4] - other[1] * other[3];
    Map<String, INDArray> example = new HashMap<>();
    CellTruth.addFlow(Optional.of(recipe), GRID, example);
    int shown = 0;

    for (int i = 0; i < GRID.cells(); i++) {
      double x = (i % 6 + 0.5) / 3 - 1;
      double y = (i / 6 + 0.5) / 3 - 1;
      double u = own[0] * x + own[1] * y + own[2] - other[2];
      double v = own[3] * x + own[4] * y + own[5] - other[5];
      double tx = (other[4] * u - other[1] * v) / determinant;
      double ty = (other[0] * v - other[3] * u) / determinant;
      boolean inside = Math.abs(tx) <= 1 && Math.abs(ty) <= 1;
      shown += inside ? 1 : 0;
      assertThat(example.get("truth.valid").getDouble(0, i / 6, i % 6, 0))
          .isEqualTo(inside ? 1 : 0);

      if (inside) {
        INDArray truth = example.get("truth");
        assertThat(truth.getDouble(0, i / 6, i % 6, 0)).isCloseTo(3 * (tx - x), within(1e-4));
        assertThat(truth.getDouble(0, i / 6, i % 6, 1)).isCloseTo(3 * (ty - y), within(1e-4));
      }
    }

    assertThat(shown).isBetween(10, 35);
  }

  @Test
  void ofPhotographsNoFlowIsKnownAndWithoutAMaskAllIsObject() {
    Map<String, INDArray> example = new HashMap<>();
    CellTruth.addFlow(Optional.empty(), GRID, example);
    assertThat(example.get("truth").shape()).containsExactly(1, 6, 6, 2);
    assertThat(example.get("truth.valid").sumNumber().doubleValue()).isZero();
    assertThat(
            CellTruth.mask(Optional.empty(), Optional.empty(), GRID, 0.5).sumNumber().doubleValue())
        .isEqualTo(36);
  }

  /** A mask that is all object, brought to cells, is what the other view shows. */
  @Test
  void whatTheOtherViewDoesNotShowIsNotObject() {
    PairRecipe recipe = TestPairs.draw(48, 3).recipe();
    boolean[] inside = new boolean[48 * 48];
    Arrays.fill(inside, true);
    Mask all = new Mask(48, 48, inside);
    boolean[] valid = GroundTruth.flow(recipe, 24, 24).valid();
    float[] cells = CellTruth.mask(all, Optional.of(recipe), GRID, 0.5).data().asFloat();

    for (int i = 0; i < cells.length; i++) {
      int count = 0;

      for (int k = 0; k < 16; k++) {
        count += valid[(i / 6 * 4 + k / 4) * 24 + i % 6 * 4 + k % 4] ? 1 : 0;
      }

      assertThat(cells[i]).isEqualTo(count > 8 ? 1 : 0);
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
