package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.denseflow.style.StyleFeatures;
import org.junit.jupiter.api.Test;

class MatchedRegionTest {
  private final StyleFeatures source = new StyleFeatures(new Size(4, 2), 1, new float[8]);
  private final StyleFeatures target =
      new StyleFeatures(new Size(4, 2), 1, new float[] {0, 1, 2, 3, 4, 5, 6, 7});

  @Test
  void aShiftByHalfTheWidthPointsToTheTargetsRightHalf() {
    MatchedRegion region = MatchedRegion.of(shift(0.5f), source, target, null, 0.2);
    assertThat(region.source()).containsOnly(true);
    assertThat(region.target()).containsExactly(false, false, true, true, false, false, true, true);
    assertThat(region.gathered(target, new Size(4, 2)).values())
        .containsExactly(2, 3, 3, 3, 6, 7, 7, 7);
  }

  @Test
  void maskAndConfidenceLimitIt() {
    Mask left = new Mask(2, 1, new boolean[] {true, false});
    MatchedRegion region = MatchedRegion.of(shift(0), source, target, left, 0.2);
    boolean[] half = {true, true, false, false, true, true, false, false};
    assertThat(region.source()).isEqualTo(half);
    assertThat(region.target()).isEqualTo(half);
    assertThat(MatchedRegion.of(shift(0), source, target, left, 0.6).isEmpty()).isTrue();
  }

  private static FlowField shift(float dx) {
    float[] displacement = new float[16];
    float[] confidence = new float[8];
    boolean[] valid = new boolean[8];
    Arrays.fill(confidence, 0.5f);
    Arrays.fill(valid, true);

    for (int i = 0; i < 8; i++) {
      displacement[2 * i] = dx;
    }

    return new FlowField(4, 2, displacement, confidence, valid);
  }
}
