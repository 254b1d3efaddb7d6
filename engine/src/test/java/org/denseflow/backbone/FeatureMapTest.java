package org.denseflow.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class FeatureMapTest {

  @Test
  void aNarrowMapStaysReadableWhenItIsNarrowedAgain() {
    FeatureMap wide =
        new FeatureMap("tap", 1, 2, 1, Nd4j.createFromArray(new float[][] {{1}, {2}}));

    try (FeatureMap twice = wide.narrowed().narrowed()) {
      assertThat(wide.values().wasClosed()).isTrue();
      assertThat(twice.values().wasClosed()).isFalse();
      assertThat(twice.values().getDouble(1, 0)).isEqualTo(2);
    }
  }
}
