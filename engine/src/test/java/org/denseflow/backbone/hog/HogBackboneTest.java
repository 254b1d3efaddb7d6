package org.denseflow.backbone.hog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.denseflow.backbone.BackboneSpec;
import org.denseflow.backbone.Backbones;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.image.FloatImage;
import org.junit.jupiter.api.Test;

class HogBackboneTest {
  private final HogBackbone hog = new HogBackbone();

  @Test
  void anImageWithoutGradientsHasNoFeatures() {
    float[] values = new float[320 * 320 * 3];
    Arrays.fill(values, 77);
    FeatureMap map = hog.extract(List.of(new FloatImage(320, 320, values))).get(0).get(0);
    assertThat(map.width()).isEqualTo(20);
    assertThat(map.height()).isEqualTo(20);
    assertThat(map.values().amaxNumber().doubleValue()).isZero();
  }

  @Test
  void contrastDoesNotMatter() {
    Random random = new Random(1);
    float[] values = new float[64 * 48 * 3];
    float[] stronger = new float[values.length];

    for (int i = 0; i < values.length; i++) {
      values[i] = 100 * random.nextFloat();
      stronger[i] = 2 * values[i] + 10;
    }

    FeatureMap a = hog.extract(List.of(new FloatImage(64, 48, values))).get(0).get(0);
    FeatureMap b = hog.extract(List.of(new FloatImage(64, 48, stronger))).get(0).get(0);
    assertThat(a.values().sub(b.values()).amaxNumber().doubleValue()).isLessThan(1e-4);
    assertThat(a.values().amaxNumber().doubleValue()).isBetween(0.1, 0.4 + 1e-6);
  }

  @Test
  void aHorizontalRampVotesForOneOrientation() {
    float[] values = new float[32 * 32 * 3];

    for (int i = 0; i < values.length; i++) {
      values[i] = 4 * (i / 3 % 32);
    }

    HogCells cells = HogCells.of(new FloatImage(32, 32, values), 8);
    float[] cell = new float[HogCells.CHANNELS];
    cells.copy(1, 1, cell, 0);
    // Gradient to the right: signed bin 0 and unsigned bin 18 + 0, everything else empty; both are
    // truncated at 0.2 in each of the four blocks and halved.
    assertThat(cell[0]).isEqualTo(0.4f);
    assertThat(cell[18]).isEqualTo(0.4f);
    cell[0] = 0;
    cell[18] = 0;
    assertThat(cell).containsOnly(0f);
  }

  @Test
  void tapsItDoesNotHaveAreRefused() {
    assertThatThrownBy(
            () -> Backbones.create(new BackboneSpec("hog", List.of("relu4_1"), Optional.empty())))
        .hasMessageContaining("backbone hog has no relu4_1; it has hog");
  }
}
