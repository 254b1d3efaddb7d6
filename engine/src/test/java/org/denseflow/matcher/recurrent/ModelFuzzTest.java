package org.denseflow.matcher.recurrent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.denseflow.Fuzzing;
import org.denseflow.weights.Tensor;
import org.denseflow.weights.WeightException;
import org.denseflow.weights.WeightMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model file says of its own shape, damaged: see {@link Fuzzing}. */
class ModelFuzzTest {
  private static final RtnShape SHAPE = new RtnShape(6, 4, 1, List.of(1), 1, 3, List.of(5, 7));

  @Test
  void statements() {
    assertThat(RtnShape.of(model(SHAPE.metadata()))).isEqualTo(SHAPE);
    String text =
        SHAPE.metadata().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("\n"));
    new Fuzzing("model", 16 << 20, WeightException.class)
        .text(
            List.of(text.getBytes(UTF_8)),
            bytes -> RtnShape.of(model(stated(new String(bytes, UTF_8)))));
  }

  /** Two thousand million levels were an array of as many before the first was looked for. */
  @ParameterizedTest
  @CsvSource({"levels, 2147483647", "levels, 0.5", "radius, 1e9", "radius, NaN", "levels, ''"})
  void numbersOutOfRangeAreRefused(String key, String value) {
    Map<String, String> stated = new TreeMap<>(SHAPE.metadata());
    String full = stated.keySet().stream().filter(k -> k.contains(key)).findFirst().orElseThrow();
    stated.put(full, value);
    assertThatThrownBy(() -> RtnShape.of(model(stated)))
        .isInstanceOf(WeightException.class)
        .hasMessageContaining(full);
  }

  private static Map<String, String> stated(String text) {
    return text.lines()
        .map(line -> line.split("=", 2))
        .filter(pair -> pair.length == 2)
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, b) -> b));
  }

  private static WeightMap model(Map<String, String> metadata) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    SHAPE
        .tensors()
        .forEach(
            (name, shape) -> {
              int size = 1;

              for (int side : shape) {
                size *= side;
              }
              tensors.put(name, new Tensor(shape, new float[size]));
            });
    return new WeightMap("model", "sha256:0", Collections.unmodifiableMap(tensors), metadata);
  }
}
