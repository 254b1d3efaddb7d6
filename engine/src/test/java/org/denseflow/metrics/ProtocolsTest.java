package org.denseflow.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolsTest {

  /** As the authors' code reads them: those with "true" carry points or labels of the target. */
  @ParameterizedTest
  @CsvSource({
    "pf-pascal/scnet-224, true",
    "pf-pascal/scnet, false",
    "pf-pascal/hpf-img, false",
    "pf-willow/sfnet, true",
    "pf-willow/bbox-kp, false",
    "pascal-parts/pck, true",
    "pascal-parts/iou, true",
    "caltech101/rocco, true",
    "caltech101/clean, true",
    "spair/bbox, false",
    "tss/kit, false",
    "proposal-flow/regions, false",
    "synthetic/epe, false"
  })
  void someReadTheSwappedPairsFlow(String name, boolean swapped) {
    assertThat(Protocols.readsSwapped(name)).isEqualTo(swapped);
  }

  @Test
  void everyNameHasADirectionAndBelongsToItsBenchmark() {
    Protocols.names().forEach(Protocols::readsSwapped);
    assertThat(Protocols.of("caltech101")).containsExactly("caltech101/rocco", "caltech101/clean");
    assertThat(Protocols.of("pf")).isEmpty();
    assertThatThrownBy(() -> Protocols.readsSwapped("pck"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
