package org.denseflow.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.denseflow.config.Presets;
import org.denseflow.matcher.MethodFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfiguredMethodTest {

  static Stream<String> methodPresets() throws IOException {
    return presets("methods");
  }

  static Stream<String> trainingPresets() throws IOException {
    return presets("training");
  }

  private static Stream<String> presets(String kind) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..", "conf", kind))) {
      return files
          .map(file -> file.getFileName().toString().replace(".conf", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("methodPresets")
  void presetsBindToTheirMethods(String preset) {
    ConfiguredMethod<?> method = ConfiguredMethod.of(ConfiguredMethod.preset(preset));
    assertThat(method.config().method()).isEqualTo(method.name());
    assertThat(preset).startsWith(method.name());
  }

  @ParameterizedTest
  @MethodSource("trainingPresets")
  void presetsBindToTheirSystems(String preset) {
    ConfiguredSystem<?> system = ConfiguredSystem.of(ConfiguredSystem.preset(preset));
    assertThat(system.config().system()).isEqualTo(system.system().name());
  }

  @Test
  void everyMethodHasAPresetOfItsName() {
    assertThat(ConfiguredMethod.names()).contains("guided", "samnet", "lom", "sfnet");
    assertThat(ConfiguredMethod.names())
        .allSatisfy(name -> assertThat(Presets.find("methods", name)).isPresent());
  }

  private static Config preset(String name, String... settings) {
    return Presets.overrides(List.of(settings)).withFallback(ConfiguredMethod.preset(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rtn | image.padding=16 | image.ring=after | rtn cannot leave padding out after matching",
        "rtn | decoding=pixels | steps=keep | unknown key decoding",
        "phm | regions.voting=null | steps=keep | Missing configuration: regions.voting",
        "lom | regions.local=null | steps=keep | Missing configuration: regions.local",
        "guided | guided=null | steps=keep | missing key guided",
        "guided | adaptation=2 | steps=keep | adaptation: must be from 0 to 1",
        "guided | guided.refinement-beta=0 | image.width=3 | sides must be 32 to 4096",
        "nn | method=mutual-n | steps=keep | did you mean mutual-nn?"
      })
  void whatDoesNotFitIsRefused(String name, String one, String other, String reason) {
    assertThatThrownBy(() -> ConfiguredMethod.of(preset(name, one, other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void allErrorsOfTheMethodsOwnParametersAndTheCommonOnesAreListed() {
    assertThatThrownBy(
            () ->
                ConfiguredMethod.of(
                    preset("guided", "guided.refinement-beta=0", "image.width=3", "beta=1")))
        .hasMessageContaining("refinement-beta: must be positive")
        .hasMessageContaining("sides must be 32 to 4096")
        .hasMessageContaining("unknown key beta");
  }

  @Test
  void combinationsThatMakeNoSenseAreRefused() {
    MethodFiles projection =
        new MethodFiles(Optional.empty(), Optional.empty(), Optional.of(Path.of("p.safetensors")));
    assertThatThrownBy(() -> ConfiguredMethod.of(preset("gsf")).create(projection))
        .hasMessageContaining("its networks were trained on features as the backbone makes them");
    assertThatThrownBy(
            () -> ConfiguredMethod.of(preset("phm", "backbone.name=hog")).create(projection))
        .hasMessageContaining("with hog it describes regions by their own gradients");
    assertThatThrownBy(() -> ConfiguredMethod.of(preset("samnet")).requireNarrowable())
        .hasMessageContaining("set features.precision to single");
    assertThatThrownBy(() -> ConfiguredMethod.of(preset("nn", "decoding=pixels")).requireCells())
        .hasMessageContaining("set decoding to cells");
    ConfiguredMethod.of(preset("guided")).requireNarrowable();
    ConfiguredMethod.of(preset("guided")).requireCells();
    ConfiguredMethod.of(preset("guided")).requireProjectable(MethodFiles.NONE);
  }
}
