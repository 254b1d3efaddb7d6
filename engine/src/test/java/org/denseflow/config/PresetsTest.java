package org.denseflow.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Configuration texts that reach for more than they say. */
class PresetsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include file(\"%s\")",
        "include \"%s\"",
        "include url(\"file:%s\")",
        "include required(file(\"%s\"))",
        "include \"http://127.0.0.1:1/%s\""
      })
  void noFileOrAddressIsIncluded(String include) throws Exception {
    Path outside = Files.writeString(folder.resolve("outside.conf"), "secret = 1");
    assertThatThrownBy(() -> Presets.parse(include.formatted(outside), "own.conf"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot include");
  }

  @Test
  void anotherBackboneKeepsTheTapsOfThePreset() {
    var preset = Presets.parse("backbone { name = resnet101, taps = [conv4-23, conv5-3] }", "own");
    var merged = Presets.backbone("resnet50").withFallback(preset);
    assertThat(merged.getString("backbone.name")).isEqualTo("resnet50");
    assertThat(merged.getStringList("backbone.taps")).containsExactly("conv4-23", "conv5-3");
  }

  @Test
  void theEnvironmentIsNotSeen() {
    assertThat(System.getenv("PATH")).isNotBlank();
    assertThatThrownBy(() -> Presets.parse("a = ${PATH}", "own.conf"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("own.conf");
  }

  /** The parser's stack ends at the first, that of those who bind ended at the second. */
  @ParameterizedTest
  @ValueSource(ints = {200_000, 1_000, 101})
  void whatIsNestedTooDeeplyIsRefused(int depth) {
    String text = "a { ".repeat(depth) + "}".repeat(depth);
    assertThatThrownBy(() -> Presets.parse(text, "own.conf"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("own.conf: it is nested too deeply");
  }
}
