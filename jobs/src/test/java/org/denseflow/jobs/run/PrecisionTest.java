package org.denseflow.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PrecisionTest {

  /** The bytes are those of NumPy's "<f2" and "<f4". */
  @Test
  void numbersAreStoredAsNumpyStoresThem() {
    float[] values = {0, 0.1f, -0.3f, 1};
    assertThat(Precision.HALF.bytes(values))
        .containsExactly(0x00, 0x00, 0x66, 0x2e, 0xcd, 0xb4, 0x00, 0x3c);
    assertThat(Precision.SINGLE.bytes(values))
        .containsExactly(
            0, 0, 0, 0, 0xcd, 0xcc, 0xcc, 0x3d, 0x9a, 0x99, 0x99, 0xbe, 0, 0, 0x80, 0x3f);
    assertThat(Precision.SINGLE.floats(Precision.SINGLE.bytes(values))).containsExactly(values);
    float[] halves = Precision.HALF.floats(Precision.HALF.bytes(values));

    for (int i = 0; i < values.length; i++) {
      assertThat(Math.abs(halves[i] - values[i])).isLessThanOrEqualTo(1 / 4096f);
    }
  }

  @Test
  void anEncodingIsFoundByItsCode() {
    assertThat(Precision.of("f16le")).isEqualTo(Precision.HALF);
    assertThatThrownBy(() -> Precision.of("f64le")).hasMessageContaining("f64le");
  }
}
