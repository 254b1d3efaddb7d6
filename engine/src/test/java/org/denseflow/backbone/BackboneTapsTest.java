package org.denseflow.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackboneTapsTest {
  /** What SFNet's paper takes from ResNet-101. */
  private static final List<String> SFNET = List.of("conv4-23", "conv5-3");

  private static List<String> taps(String backbone, List<String> taps) {
    return Backbones.taps(new BackboneSpec(backbone, taps, Optional.empty()));
  }

  @Test
  void tapsThatTheBackboneHasAreKept() {
    assertThat(taps("resnet101", SFNET)).isEqualTo(SFNET);
    assertThat(taps("resnet50", List.of("layer2", "layer3"))).containsExactly("layer2", "layer3");
    assertThat(taps("hog", List.of("hog"))).containsExactly("hog");
  }

  @Test
  void withoutTapsItIsTheDefault() {
    assertThat(taps("resnet50", List.of())).containsExactly("layer3");
    assertThat(taps("hog", List.of())).containsExactly("hog");
  }

  @Test
  void tapsThatItLacksAreNamedWithThoseThatItHas() {
    // 6 units in stage conv4, 3 in conv5 (He et al., CVPR 2016, Table 1)
    assertThatThrownBy(() -> taps("resnet50", SFNET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("resnet50 has no conv4-23; it has conv1")
        .hasMessageContaining("conv4-6")
        .hasMessageContaining("--set backbone.taps=[layer3]");
    assertThatThrownBy(() -> taps("hog", SFNET))
        .hasMessageContaining("hog has no conv4-23, conv5-3; it has hog");
  }
}
