package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.denseflow.flow.FlowField;
import org.denseflow.image.Coverage;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.denseflow.matcher.Match;
import org.denseflow.transfer.ExemplarTransfer.Matched;
import org.denseflow.transfer.MaskParameters.Refinement;
import org.junit.jupiter.api.Test;

/** Exemplars of 64x64 pixels, the working size, whose left columns are object; none moves. */
class ExemplarTransferTest {
  private static final int SIDE = 64;

  /** By hand: of 0.2, 0.9, 0.1 and 0.6 two vote, the second and the fourth, with a mean of 0.75. */
  @Test
  void theBestByScoreVote() {
    ExemplarTransfer transfer = transfer(0, 2, Refinement.NONE);
    ExemplarTransfer.Result result =
        transfer.transfer(
            image(),
            List.of(
                matched(transfer, 8, 0.2),
                matched(transfer, 32, 0.9),
                matched(transfer, 64, 0.1),
                matched(transfer, 16, 0.6)));
    assertThat(result.voters()).containsExactly(1, 3);
    assertThat(result.score()).isCloseTo(0.75, within(1e-9));
    // without sharpness both count alike: certain up to column 16, one half up to 32
    assertThat(result.fused().weights()).containsExactly(0.5, 0.5);
    assertThat(share(result, 8)).isEqualTo(1);
    assertThat(share(result, 24)).isCloseTo(0.5f, within(1e-6f));
    assertThat(share(result, 40)).isZero();
    assertThat(result.mask()).isSameAs(result.fused().mask());
  }

  /** With a sharpness of 10, exp(10 · 0.3) = 20.1 against 1 is 0.953 of the vote. */
  @Test
  void aBetterScoreCountsForMore() {
    ExemplarTransfer transfer = transfer(10, 2, Refinement.NONE);
    ExemplarTransfer.Result result =
        transfer.transfer(image(), List.of(matched(transfer, 16, 0.6), matched(transfer, 32, 0.9)));
    assertThat(result.voters()).containsExactly(1, 0);
    assertThat(share(result, 24)).isCloseTo(0.9526f, within(1e-4f));
    // 16 columns of 1 and 16 of 0.9526, which are over one half
    assertThat(result.certainty()).isCloseTo((1 + 0.9526) / 2, within(1e-4));
  }

  @Test
  void theAgreementIsAProductAndScoresAreCutToOne() {
    ExemplarTransfer transfer = transfer(0, 1, Refinement.NONE);
    ExemplarTransfer.Result result =
        transfer.transfer(image(), List.of(matched(transfer, 32, 1.5)));
    assertThat(result.score()).isEqualTo(1);
    assertThat(result.certainty()).isEqualTo(1);
    // left and right of the picture differ, so that GrabCut finds the same border
    assertThat(result.stability()).isGreaterThan(0.95);
    assertThat(result.agreement())
        .isCloseTo(result.certainty() * result.stability() * result.score(), within(1e-12));
    assertThat(transfer.transfer(image(), List.of(matched(transfer, 32, -0.5))).agreement())
        .isZero();
  }

  /** The mask is two columns too wide; the picture's edge is at column 32. */
  @Test
  void refinementFollowsThePicturesEdge() {
    ExemplarTransfer transfer = transfer(0, 1, Refinement.GRAB_CUT);
    ExemplarTransfer.Result result = transfer.transfer(image(), List.of(soft(36, 0.7)));
    assertThat(share(result, 30)).isGreaterThan(0.5f);
    assertThat(share(result, 33)).isLessThan(0.5f);
    assertThat(result.fused().mask().share()[33]).isGreaterThan(0.5f);
  }

  @Test
  void masksAreKeptAtTheWorkingSize() {
    ExemplarTransfer transfer = transfer(0, 1, Refinement.NONE);
    Coverage wide = transfer.exemplar(new Mask(200, 100, new boolean[20_000]));
    assertThat(List.of(wide.width(), wide.height())).isEqualTo(List.of(64, 32));
    Coverage high = transfer.exemplar(new Mask(8, 16, new boolean[128]));
    assertThat(List.of(high.width(), high.height())).isEqualTo(List.of(32, 64));
  }

  private static ExemplarTransfer transfer(double sharpness, int votes, Refinement refinement) {
    return new ExemplarTransfer(MaskParametersTest.with(0, sharpness, votes, refinement));
  }

  private static float share(ExemplarTransfer.Result result, int column) {
    return result.mask().share()[SIDE / 2 * SIDE + column];
  }

  private static Matched matched(ExemplarTransfer transfer, int columns, double score) {
    boolean[] inside = new boolean[SIDE * SIDE];

    for (int i = 0; i < inside.length; i++) {
      inside[i] = i % SIDE < columns;
    }

    return new Matched(transfer.exemplar(new Mask(SIDE, SIDE, inside)), match(score));
  }

  /** Certain up to ten columns before the border, and beyond it certainly background. */
  private static Matched soft(int columns, double share) {
    float[] shares = new float[SIDE * SIDE];

    for (int i = 0; i < shares.length; i++) {
      int column = i % SIDE;
      shares[i] = column < columns - 10 ? 1 : column < columns ? (float) share : 0;
    }

    return new Matched(new Coverage(SIDE, SIDE, shares), match(1));
  }

  private static Match match(double score) {
    FlowField still = new FlowField(1, 1, new float[2], new float[] {1}, new boolean[] {true});
    return new Match(still, score, 1, Match.Fallback.NONE, List.of());
  }

  /** Red on the left, green on the right, with a little texture. */
  private static RgbImage image() {
    byte[] pixels = new byte[3 * SIDE * SIDE];
    Arrays.fill(pixels, (byte) 20);
    IntStream.range(0, SIDE * SIDE)
        .forEach(i -> pixels[3 * i + (i % SIDE < 32 ? 0 : 1)] = (byte) (200 + 7 * i % 13 - i % 5));
    return new RgbImage(SIDE, SIDE, pixels);
  }
}
