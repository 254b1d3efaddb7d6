package org.denseflow.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.denseflow.geometry.Size;
import org.junit.jupiter.api.Test;

/** The volume by displacements and the support of neighbours, against loops over all matches. */
class LocalSupportTest {
  private static final int W = 6;
  private static final int H = 5;
  private static final int TARGET_W = 4;
  private static final int TARGET_H = 7;

  private final Displacements grid =
      new Displacements(new Size(W, H), new Size(TARGET_W, TARGET_H));
  private final float[] values = values();

  private static float[] values() {
    Random random = new Random(4);
    float[] values = new float[W * H * TARGET_W * TARGET_H];

    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }

    return values;
  }

  @Test
  void everyMatchHasItsPlaceByDisplacement() {
    float[] arranged = new float[2 * grid.count() * grid.cells()];
    grid.arrange(values, 2, 1, arranged);
    double sum = 0;

    for (int i = 0; i < W * H; i++) {
      for (int j = 0; j < TARGET_W * TARGET_H; j++) {
        int at = grid.index(i, j);
        int d = at / grid.cells();
        assertThat(at % grid.cells()).isEqualTo(i);
        assertThat(grid.x(d)).isEqualTo(j % TARGET_W - i % W);
        assertThat(grid.y(d)).isEqualTo(j / TARGET_W - i / W);
        assertThat(arranged[2 * at + 1]).isEqualTo(values[i * TARGET_W * TARGET_H + j]);
        sum += values[i * TARGET_W * TARGET_H + j];
      }
    }

    double all = 0;

    for (float value : arranged) {
      all += value;
    }

    assertThat(all).as("nothing elsewhere").isCloseTo(sum, within(1e-9));
  }

  @Test
  void supportIsTheWeightedMeanOfTheNeighboursThatMoveAlike() {
    double sigma = 4;
    float[] arranged = new float[grid.count() * grid.cells()];
    grid.arrange(values, 1, 0, arranged);
    float[] support = new LocalSupport(grid, sigma).of(arranged);
    double sigmaX = sigma * W / 20;
    double sigmaY = sigma * H / 20;
    int radiusX = (int) Math.round(2 * sigmaX);
    int radiusY = (int) Math.round(2 * sigmaY);

    for (int i = 0; i < W * H; i++) {
      for (int j = 0; j < TARGET_W * TARGET_H; j++) {
        double sum = 0;
        double weights = 0;

        for (int dy = -radiusY; dy <= radiusY; dy++) {
          for (int dx = -radiusX; dx <= radiusX; dx++) {
            int sx = i % W + dx;
            int sy = i / W + dy;
            int tx = j % TARGET_W + dx;
            int ty = j / TARGET_W + dy;
            boolean inside = sx >= 0 && sx < W && sy >= 0 && sy < H;

            if (inside && tx >= 0 && tx < TARGET_W && ty >= 0 && ty < TARGET_H) {
              double weight =
                  Math.exp(-dx * dx / (2 * sigmaX * sigmaX) - dy * dy / (2 * sigmaY * sigmaY));
              sum += weight * values[(sy * W + sx) * TARGET_W * TARGET_H + ty * TARGET_W + tx];
              weights += weight;
            }
          }
        }

        assertThat((double) support[grid.index(i, j)]).isCloseTo(sum / weights, within(1e-5));
      }
    }
  }
}
