package org.denseflow.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.denseflow.flow.FlowField;
import org.denseflow.image.Mask;
import org.denseflow.metrics.MaskScores.LocErr;
import org.junit.jupiter.api.Test;

class MaskScoresTest {

  @Test
  void countsLabelsAndOverlap() {
    Mask transferred = mask(4, "##..", "##..");
    Mask truth = mask(4, ".##.", ".##.");

    assertThat(MaskScores.labelTransferAccuracy(transferred, truth)).isEqualTo(0.5);
    assertThat(MaskScores.iou(transferred, truth)).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(MaskScores.iou(mask(2, ".."), mask(2, ".."))).isNaN();
    assertThatThrownBy(() -> MaskScores.iou(truth, mask(2, "..")))
        .hasMessageContaining("4x2 and 2x1");
  }

  @Test
  void weighsPartsByTheirTrueArea() {
    List<Mask> truth = List.of(mask(4, "###.", "...."), mask(4, "...#", "...."));
    List<Mask> transferred = List.of(mask(4, "###.", "...."), mask(4, "....", "...#"));

    assertThat(MaskScores.weightedIou(transferred, truth)).isCloseTo(0.75, within(1e-12));
  }

  @Test
  void theIdentityHasNoLocalisationError() {
    Mask object = mask(4, "....", ".##.", ".##.", "....");

    for (LocErr variant : LocErr.values()) {
      assertThat(MaskScores.localisationError(variant, shift(4, 4, 0), object, object))
          .isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void theMixedBaseOfRoccosCodeDoesNotCancelBetweenObjectsOfDifferentSize() {
    // the same 4x1 image; the object is columns 0-1 here and columns 0-3 there; identity flow.
    // Rocco: (x + 1)/2 - (x + 1)/4 = (x + 1)/4, vertical 0: mean of 1, 2, 3, 4 quarters = 0.625
    // clean: (x + 0.5)/2 - (x + 0.5)/4 = (x + 0.5)/4: mean 0.5
    Mask here = mask(4, "##..");
    Mask there = mask(4, "####");
    FlowField identity = shift(4, 1, 0);

    assertThat(MaskScores.localisationError(LocErr.ROCCO, identity, here, there))
        .isCloseTo(0.625, within(1e-6));
    assertThat(MaskScores.localisationError(LocErr.CLEAN, identity, here, there))
        .isCloseTo(0.5, within(1e-6));
  }

  @Test
  void matchesOutsideTheOtherImageAreLeftOut() {
    // one pixel to the right: the last column has no match; all others are off by 1 of 2 columns
    Mask object = mask(4, ".##.");

    assertThat(MaskScores.localisationError(LocErr.CLEAN, shift(4, 1, 0.25f), object, object))
        .isCloseTo(0.5, within(1e-6));
    assertThat(MaskScores.localisationError(LocErr.CLEAN, shift(4, 1, 2f), object, object)).isNaN();
  }

  private static FlowField shift(int width, int height, float dx) {
    float[] displacement = new float[2 * width * height];
    boolean[] valid = new boolean[width * height];
    Arrays.fill(valid, true);

    for (int p = 0; p < valid.length; p++) {
      displacement[2 * p] = dx;
    }
    return new FlowField(width, height, displacement, new float[width * height], valid);
  }

  private static Mask mask(int width, String... rows) {
    String all = String.join("", rows);
    boolean[] inside = new boolean[all.length()];

    for (int p = 0; p < inside.length; p++) {
      inside[p] = all.charAt(p) == '#';
    }
    return new Mask(width, rows.length, inside);
  }
}
