package org.denseflow.backbone.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackboneBenchTest {

  /**
   * Multiplications of denseflow_s, by hand, for 320x320 pixels: cells times kernel times channels
   * in and out.
   */
  @Test
  void operationsAreThoseOfTheLayers() {
    long stem = 80 * 80 * (16 * 3 * 48);
    long first = 40 * 40 * (9 * 48 * 96 + 2 * (9 * 96 * 96 + 96 * 96));
    long second = 20 * 20 * (9 * 96 * 192 + 4 * (9 * 192 * 192 + 192 * 192));
    long head = 20 * 20 * (192 * 128);

    try (BackboneBench bench = new BackboneBench("denseflow_s")) {
      assertThat(bench.flops()).isEqualTo(2.0 * (stem + first + second + head));
    }
  }
}
