package org.denseflow.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the bytes that {@code numpy.save} 2 writes for small arrays. */
class NpyFileTest {

  @ParameterizedTest
  @CsvSource({
    "<u2, 0100ffff, 65535",
    ">u4, 00000001ffffffff, 4294967295",
    "<u8, 0100000000000000ffffffffffffffff, 18446744073709551615",
    "<i2, 0100feff, -2",
    ">f8, 3ff0000000000000bfe0000000000000, -0.5",
  })
  void everyNumberTypeAndByteOrderIsRead(String descr, String data, float last) {
    Tensor tensor = NpyFile.read(file(descr, "(2,)", data));
    assertThat(tensor.shape()).containsExactly(2);
    assertThat(tensor.values()).containsExactly(1, last);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "<c8; (1,); 0000000000000000; unsupported type c8",
        "<u2; (3,); 0100ffff; announces 3 elements",
        "<f4; (70000,70000); 00000000; too many elements",
        "|O; (1,); 80049526; no valid descr"
      })
  void aFileThatDoesNotFitItsHeaderIsRefused(
      String descr, String shape, String data, String reason) {
    assertThatThrownBy(() -> NpyFile.read(file(descr, shape, data)))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining(reason);
  }

  private static byte[] file(String descr, String shape, String data) {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape);
    HexFormat hex = HexFormat.of();
    String padded = header + " ".repeat(117 - header.length()) + "\n";
    return hex.parseHex(
        "934e554d505901007600" + hex.formatHex(padded.getBytes(StandardCharsets.US_ASCII)) + data);
  }
}
