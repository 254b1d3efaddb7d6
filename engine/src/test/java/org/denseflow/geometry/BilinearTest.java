package org.denseflow.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.denseflow.geometry.Bilinear.Border;
import org.junit.jupiter.api.Test;

/** Against the sum over all cells of their hat functions, from beyond one border to the other. */
class BilinearTest {
  private static final Size GRID = new Size(4, 3);
  private final Random random = new Random(1);
  private final float[] values = new float[2 * GRID.cells()];

  BilinearTest() {
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
  }

  @Test
  void isTheSumOfHats() {
    for (int k = 0; k < 500; k++) {
      double x = random.nextDouble() * 8 - 2;
      double y = random.nextDouble() * 7 - 2;
      Bilinear clamped = Bilinear.at(GRID, x, y, Border.REPLICATE);
      double cx = Math.max(0, Math.min(GRID.width() - 1, x));
      double cy = Math.max(0, Math.min(GRID.height() - 1, y));
      assertThat(clamped.read(cell -> values[2 * cell])).isCloseTo(hats(cx, cy, 0), within(1e-12));
      assertThat(Bilinear.at(GRID, x, y, Border.ZERO).read(cell -> values[2 * cell]))
          .isCloseTo(hats(x, y, 0), within(1e-12));

      float[] both = new float[3];
      clamped.read(values, 2, both, 1);
      assertThat((double) both[1]).isCloseTo(hats(cx, cy, 0), within(1e-6));
      assertThat((double) both[2]).isCloseTo(hats(cx, cy, 1), within(1e-6));

      double sum = 0;

      for (int corner = 0; corner < Bilinear.CORNERS; corner++) {
        sum += clamped.weight(corner) * values[2 * clamped.cell(corner)];
      }

      assertThat(sum).isCloseTo(hats(cx, cy, 0), within(1e-12));
    }
  }

  @Test
  void theNearestCellIsThatOfTheRoundedPosition() {
    for (double x = -1; x < 5; x += 0.25) {
      double column = Math.max(0, Math.min(GRID.width() - 1, Math.floor(x + 0.5)));
      assertThat(Bilinear.at(GRID, x, 1.75, Border.REPLICATE).nearest())
          .isEqualTo(8 + (int) column);
    }
  }

  @Test
  void aGridOfOneCellIsThatCell() {
    assertThat(Bilinear.at(new Size(1, 1), 0.7, -3, Border.REPLICATE).read(cell -> 5 + cell))
        .isEqualTo(5);
  }

  private double hats(double x, double y, int channel) {
    double sum = 0;

    for (int i = 0; i < GRID.cells(); i++) {
      double wx = Math.max(0, 1 - Math.abs(x - i % GRID.width()));
      double wy = Math.max(0, 1 - Math.abs(y - i / GRID.width()));
      sum += wx * wy * values[2 * i + channel];
    }

    return sum;
  }
}
