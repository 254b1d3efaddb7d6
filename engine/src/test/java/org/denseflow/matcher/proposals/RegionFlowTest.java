package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.denseflow.flow.FlowField;
import org.denseflow.image.FloatImage;
import org.denseflow.matcher.proposals.RegionParameters.FlowParameters;
import org.denseflow.proposals.RegionBox;
import org.denseflow.proposals.RegionMatch;
import org.junit.jupiter.api.Test;

class RegionFlowTest {
  private static final int SIDE = 20;
  private static final FloatImage PLAIN = new FloatImage(SIDE, SIDE, new float[3 * SIDE * SIDE]);

  /** Smoothness that is too weak to be seen. */
  private final RegionFlow sharp = new RegionFlow(new FlowParameters(4, 1e-7, 30, 15));

  private static RegionMatch match(double score, double... corners) {
    return new RegionMatch(
        new RegionBox(corners[0], corners[1], corners[2], corners[3]),
        new RegionBox(corners[4], corners[5], corners[6], corners[7]),
        1,
        score);
  }

  private static double[] at(FlowField flow, int column, int row) {
    int i = row * SIDE + column;
    return new double[] {flow.displacement()[2 * i], flow.displacement()[2 * i + 1]};
  }

  @Test
  void cornersOfTheBestRegionAreInterpolated() {
    RegionMatch match = match(2, 0, 0, 1, 1, 0.1, 0.2, 0.6, 1);
    FlowField flow = sharp.of(List.of(match), PLAIN);

    for (int k = 0; k < SIDE; k++) {
      double x = (k + 0.5) / SIDE;
      assertThat(at(flow, k, 3)[0]).isCloseTo(0.1 + 0.5 * x - x, within(1e-4));
      assertThat(at(flow, 7, k)[1]).isCloseTo(0.2 + 0.8 * x - x, within(1e-4));
    }

    assertThat(flow.confidence()).containsOnly(1);
  }

  @Test
  void theBetterMatchWinsAndNoTargetIsTakenTwice() {
    RegionMatch left = match(3, 0, 0, 0.5, 1, 0.1, 0, 0.6, 1);
    RegionMatch all = match(2, 0, 0, 1, 1, 0, 0.3, 1, 1.3);
    RegionMatch taken = match(1, 0.5, 0, 1, 1, 0.1, 0, 0.6, 1);
    FlowField flow = sharp.of(List.of(taken, all, left), PLAIN);
    assertThat(at(flow, 2, 5)).containsExactly(new double[] {0.1, 0}, within(1e-4));
    assertThat(at(flow, 15, 5)).containsExactly(new double[] {0, 0.3}, within(1e-4));
    assertThat(flow.confidence()[5 * SIDE + 15]).isEqualTo(2f / 3);
  }

  @Test
  void cellsInNoRegionAreFilledFromTheirSideOfAnEdge() {
    float[] colors = new float[3 * SIDE * SIDE];

    for (int i = 0; i < colors.length; i++) {
      colors[i] = i / 3 % SIDE < 12 ? 0 : 255;
    }

    RegionMatch left = match(2, 0, 0, 0.3, 1, 0.1, 0, 0.4, 1);
    RegionMatch right = match(1, 0.9, 0, 1, 1, 0.8, 0, 0.9, 1);
    FlowField flow =
        new RegionFlow(new FlowParameters(4, 1, 30, 15))
            .of(List.of(left, right), new FloatImage(SIDE, SIDE, colors));
    assertThat(at(flow, 11, 9)[0]).isCloseTo(0.1, within(2e-3));
    assertThat(at(flow, 12, 9)[0]).isCloseTo(-0.1, within(2e-3));
    assertThat(flow.confidence()[9 * SIDE + 11]).isZero();
  }

  @Test
  void withoutAnyMatchNothingMoves() {
    FlowField flow = sharp.of(List.of(match(0, 0, 0, 1, 1, 0.1, 0.1, 0.3, 0.3)), PLAIN);
    assertThat(flow.displacement()).containsOnly(0);
  }

  /** Conjugate gradients against relaxation cell by cell. */
  @Test
  void theSmoothFieldSolvesItsSystem() {
    Random random = new Random(2);
    int width = 7;
    int height = 5;
    int cells = width * height;
    boolean[] assigned = new boolean[cells];
    double[] known = new double[cells];
    double[][] weights = new double[cells][cells];

    for (int i = 0; i < cells; i++) {
      assigned[i] = random.nextInt(3) == 0;
      known[i] = random.nextGaussian();

      for (int j = 0; j < cells; j++) {
        boolean right = j == i + 1 && j % width != 0;
        weights[i][j] = right || j == i + width ? 0.1 + random.nextDouble() : 0;
      }
    }

    SmoothnessSystem system = new SmoothnessSystem(width, height, assigned);
    system.weigh((p, q) -> weights[p][q]);
    double[] u = new double[cells];
    system.solve(known, u);
    double[] relaxed = new double[cells];

    for (int round = 0; round < 5000; round++) {
      for (int i = 0; i < cells; i++) {
        double sum = assigned[i] ? known[i] : 0;
        double total = assigned[i] ? 1 : 0;

        for (int j = 0; j < cells; j++) {
          double weight = weights[i][j] + weights[j][i];
          sum += weight * relaxed[j];
          total += weight;
        }

        relaxed[i] = sum / total;
      }
    }

    assertThat(u).containsExactly(relaxed, within(1e-4));
  }
}
