package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.Warp;
import org.denseflow.geometry.Size;
import org.denseflow.image.Coverage;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;
import org.junit.jupiter.api.Test;

/** One rule for borders, whatever carries a mask. */
class MaskTransferTest {
  private static final int SIDE = 4;

  /** A shift of 0.4 pixels leaves the last pixels in their border's half, the corner too. */
  @Test
  void theBordersHalfPixelBelongsToTheObject() {
    FlowField flow = shift(0.4 / SIDE, 0.4 / SIDE);
    assertThat(MaskTransfer.transfer(full(), flow, new Size(SIDE, SIDE)).share()).isEqualTo(1);
  }

  /** By hand: 3 + 0.6 lies beyond 3.5, so the last column and row are outside. */
  @Test
  void whatLeavesTheTargetIsOutside() {
    FlowField flow = shift(0.6 / SIDE, 0.6 / SIDE);
    Mask carried = MaskTransfer.transfer(full(), flow, new Size(SIDE, SIDE));

    for (int i = 0; i < SIDE * SIDE; i++) {
      assertThat(carried.inside()[i]).isEqualTo(i % SIDE < 3 && i / SIDE < 3);
    }
  }

  /** By hand: 1.4 sees 0.6 of pixel 1, which is inside, and 1.6 only 0.4 of it. */
  @Test
  void betweenPixelsTheMaskIsBilinear() {
    boolean[] left = {true, true, false, false};
    Mask mask = new Mask(4, 1, left);
    assertThat(MaskTransfer.transfer(mask, shift(0.4 / 4, 0), new Size(4, 1)).inside())
        .containsExactly(true, true, false, false);
    assertThat(MaskTransfer.transfer(mask, shift(0.6 / 4, 0), new Size(4, 1)).inside())
        .containsExactly(true, false, false, false);
  }

  /** A white target is seen where its full mask is, alone and in a vote of one. */
  @Test
  void masksVotesAndWarpedImagesAgree() {
    Random random = new Random(5);
    byte[] white = new byte[3 * 60];
    Arrays.fill(white, (byte) 255);
    RgbImage image = new RgbImage(10, 6, white);
    boolean[] inside = new boolean[60];
    Arrays.fill(inside, true);
    Mask mask = new Mask(10, 6, inside);
    MaskFusion fusion = new MaskFusion(MaskParametersTest.with(0, 0, 3));

    for (int round = 0; round < 50; round++) {
      FlowField flow = random(random);
      Mask carried = MaskTransfer.transfer(mask, flow, new Size(12, 9));
      RgbImage warped = Warp.backward(image, flow, new Size(12, 9));
      MaskFusion.Vote vote = new MaskFusion.Vote(Coverage.of(mask, new Size(10, 6)), flow, 1);
      Mask voted = fusion.fuse(List.of(vote), new Size(12, 9)).mask().mask(new Size(12, 9));
      assertThat(voted.inside()).isEqualTo(carried.inside());

      for (int i = 0; i < carried.inside().length; i++) {
        assertThat(carried.inside()[i]).isEqualTo((warped.pixels()[3 * i] & 0xff) == 255);
      }
    }
  }

  private static Mask full() {
    boolean[] inside = new boolean[SIDE * SIDE];
    Arrays.fill(inside, true);
    return new Mask(SIDE, SIDE, inside);
  }

  private static FlowField shift(double dx, double dy) {
    return new FlowField(
        1, 1, new float[] {(float) dx, (float) dy}, new float[] {1}, new boolean[] {true});
  }

  private static FlowField random(Random random) {
    float[] displacement = new float[2 * 12];
    float[] confidence = new float[12];
    boolean[] valid = new boolean[12];

    for (int i = 0; i < displacement.length; i++) {
      displacement[i] = (float) (0.3 * random.nextGaussian());
    }

    Arrays.fill(confidence, 1);
    Arrays.fill(valid, true);
    return new FlowField(4, 3, displacement, confidence, valid);
  }
}
