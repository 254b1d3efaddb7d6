package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowSampler;
import org.denseflow.geometry.Size;
import org.denseflow.image.Coverage;
import org.denseflow.image.Mask;
import org.denseflow.transfer.MaskFusion.Fused;
import org.denseflow.transfer.MaskFusion.Vote;
import org.junit.jupiter.api.Test;

class MaskFusionTest {
  private static final int SIDE = 24;
  private static final int GRID = 6;

  @Test
  void oneExemplarUnmovedGivesItsMask() {
    Coverage mask = square(4, 4, 12);
    Fused fused =
        fusion(6, 15).fuse(List.of(new Vote(mask, flow(0, 0, 1), 0.5)), new Size(SIDE, SIDE));
    assertThat(fused.mask().share()).containsExactly(mask.share());
    assertThat(fused.agreement()).isEqualTo(1);
    assertThat(fused.weights()).containsExactly(1);
  }

  /** The flow points from the target into the exemplar: a shift right there moves the mask left. */
  @Test
  void aMaskMovesAgainstTheFlow() {
    Vote vote = new Vote(square(8, 4, 12), flow(4.0 / SIDE, 0, 1), 0.5);
    Fused fused = fusion(6, 15).fuse(List.of(vote), new Size(SIDE, SIDE));
    assertThat(fused.mask().mask(new Size(SIDE, SIDE)).inside())
        .isEqualTo(square(4, 4, 12).mask(new Size(SIDE, SIDE)).inside());
  }

  @Test
  void whatLeavesTheExemplarIsBackground() {
    Coverage full = square(0, 0, SIDE);
    Fused fused =
        fusion(0, 0).fuse(List.of(new Vote(full, flow(0.5, 0, 1), 0.5)), new Size(SIDE, SIDE));
    assertThat(fused.mask().mask(new Size(SIDE, SIDE)).share()).isEqualTo(0.5);
  }

  /** exp(2 · 0.5) · 0.9² against exp(2 · 0.3) · 0.6². */
  @Test
  void votesCountByScoreAndConfidence() {
    List<Vote> votes =
        List.of(
            new Vote(square(0, 0, SIDE), flow(0, 0, 0.9f), 0.5),
            new Vote(square(0, 0, 0), flow(0, 0, 0.6f), 0.3));
    double first = Math.exp(1) * 0.81;
    double second = Math.exp(0.6) * 0.36;
    Fused fused = fusion(2, 2).fuse(votes, new Size(SIDE, SIDE));
    float expected = (float) (first / (first + second));

    for (float share : fused.mask().share()) {
      assertThat(share).isCloseTo(expected, within(1e-5f));
    }

    assertThat(fused.weights()[0]).isCloseTo(expected, within(1e-5));
  }

  @Test
  void agreesWithAPlainSumOverRandomVotes() {
    Random random = new Random(2);
    List<Vote> votes = List.of(random(random), random(random), random(random));
    Fused fused = fusion(3, 4).fuse(votes, new Size(SIDE, SIDE));

    for (int i = 0; i < SIDE * SIDE; i++) {
      double sum = 0;
      double total = 0;

      for (Vote vote : votes) {
        double nx = (i % SIDE + 0.5) / SIDE;
        double ny = (i / SIDE + 0.5) / SIDE;
        double[] q =
            FlowSampler.toTarget(
                vote.flow(), i % SIDE, i / SIDE, new Size(SIDE, SIDE), new Size(SIDE, SIDE));
        boolean in = q[0] >= -0.5 && q[1] >= -0.5 && q[0] <= SIDE - 0.5 && q[1] <= SIDE - 0.5;
        double weight =
            Math.exp(4 * vote.score()) * Math.pow(FlowSampler.confidence(vote.flow(), nx, ny), 3);
        sum += in ? weight * vote.mask().at(q[0], q[1]) : 0;
        total += weight;
      }

      assertThat((double) fused.mask().share()[i]).isCloseTo(sum / total, within(1e-5));
    }
  }

  @Test
  void exemplarsThatDisagreeAgreeLess() {
    List<Vote> same =
        List.of(
            new Vote(square(4, 4, 10), flow(0, 0, 1), 0.5),
            new Vote(square(5, 4, 10), flow(0, 0, 1), 0.5));
    List<Vote> apart =
        List.of(
            new Vote(square(0, 0, 10), flow(0, 0, 1), 0.5),
            new Vote(square(14, 14, 10), flow(0, 0, 1), 0.5));
    assertThat(fusion(1, 1).fuse(apart, new Size(SIDE, SIDE)).agreement())
        .isLessThan(fusion(1, 1).fuse(same, new Size(SIDE, SIDE)).agreement());
  }

  private static MaskFusion fusion(double power, double sharpness) {
    return new MaskFusion(MaskParametersTest.with(power, sharpness, 3));
  }

  private static Coverage square(int x, int y, int side) {
    boolean[] inside = new boolean[SIDE * SIDE];

    for (int i = 0; i < inside.length; i++) {
      int column = i % SIDE - x;
      int row = i / SIDE - y;
      inside[i] = column >= 0 && row >= 0 && column < side && row < side;
    }

    return Coverage.of(new Mask(SIDE, SIDE, inside), new Size(SIDE, SIDE));
  }

  private static Vote random(Random random) {
    FlowField flow = flow(0, 0, 1);

    for (int i = 0; i < flow.cells(); i++) {
      flow.displacement()[2 * i] = (float) (0.2 * random.nextGaussian());
      flow.displacement()[2 * i + 1] = (float) (0.2 * random.nextGaussian());
      flow.confidence()[i] = 0.2f + 0.8f * random.nextFloat();
    }

    return new Vote(square(random.nextInt(10), random.nextInt(10), 12), flow, random.nextDouble());
  }

  private static FlowField flow(double dx, double dy, float confidence) {
    int cells = GRID * GRID;
    float[] displacement = new float[2 * cells];
    float[] confidences = new float[cells];
    boolean[] valid = new boolean[cells];

    for (int i = 0; i < cells; i++) {
      displacement[2 * i] = (float) dx;
      displacement[2 * i + 1] = (float) dy;
      confidences[i] = confidence;
      valid[i] = true;
    }

    return new FlowField(GRID, GRID, displacement, confidences, valid);
  }
}
