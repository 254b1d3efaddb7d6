package org.denseflow.backbone;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.denseflow.geometry.Size;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FeatureMapTest {

  /** Its memory could not be freed. */
  @Test
  void aViewIsRefused() {
    INDArray view = Nd4j.createFromArray(1f, 2f).reshape(2, 1);
    assertThatThrownBy(() -> new FeatureMap("tap", new Size(2, 1), 1, view))
        .hasMessageContaining("at tap tap")
        .hasMessageContaining("pass a copy");
  }
}
