package org.denseflow.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.CellFeatures;
import org.denseflow.matcher.ImageFeatures;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class GlobalFeatureTest {

  @Test
  void isTheMeanOverCellsOfEachMap() {
    FeatureMap first =
        new FeatureMap(
            "a", new Size(2, 1), 2, Nd4j.createFromArray(new float[][] {{1, 2}, {3, 6}}));
    FeatureMap second =
        new FeatureMap("b", new Size(1, 1), 1, Nd4j.createFromArray(new float[][] {{5}}));

    try (ImageFeatures image = new CellFeatures(new Size(9, 9), List.of(first, second))) {
      assertThat(GlobalFeature.of(image)).containsExactly(2, 4, 5);
    }
  }

  @Test
  void nearestIsByAngleOnceTheMeanIsGone() {
    List<float[]> raw = List.of(new float[] {10, 11}, new float[] {12, 10}, new float[] {8, 9});
    float[] mean = GlobalFeature.mean(raw);
    assertThat(mean).containsExactly(10, 10);
    List<float[]> centred = raw.stream().map(v -> GlobalFeature.centred(v, mean)).toList();
    assertThat(centred.get(1)).containsExactly(1, 0);
    assertThat(GlobalFeature.nearest(new float[] {1, 0}, centred, 2)).containsExactly(1, 0);
    assertThat(GlobalFeature.centred(mean, mean)).containsExactly(0, 0);
  }
}
