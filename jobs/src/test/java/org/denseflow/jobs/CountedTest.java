package org.denseflow.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountedTest {
  @Test
  void oneIsSingular() {
    assertThat(Counted.of(1, "pairs")).isEqualTo("1 pair");
    assertThat(Counted.of(0, "pairs")).isEqualTo("0 pairs");
    assertThat(Counted.of(12_000_000_000L, "pairs")).isEqualTo("12000000000 pairs");
  }
}
