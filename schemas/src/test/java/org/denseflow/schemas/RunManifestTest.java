package org.denseflow.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunManifestTest {

  @Test
  void manifestsRoundTripAndRefuseOtherFormats() {
    RunManifest manifest =
        new RunManifest(
            2,
            "DenseFlowJob",
            "f",
            Map.of("method", "guided", "backbone", "hog"),
            "{}",
            Map.of("pairs", 3L, "failed", 1L),
            1,
            List.of("flows"),
            List.of("spark"));
    assertThat(manifest.count("pairs")).isEqualTo(3);
    assertThat(manifest.input("weight-digest")).isEqualTo("none");
    assertThat(RunManifest.parse(manifest.toJson())).isEqualTo(manifest);
    String other = manifest.toJson().replace("\"format\" : 2", "\"format\" : 9");
    assertThatThrownBy(() -> RunManifest.parse(other)).hasMessageContaining("another format");
    assertThatThrownBy(() -> RunManifest.parse("{")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{\"format\": 2}",
        "{\"format\": 2, \"job\": \"x\", \"fingerprint\": \"0\", \"inputs\": {}, \"config\": \"{}\","
            + " \"counts\": {}, \"tables\": [], \"versions\": []}",
        "{\"format\": 2, \"job\": \"x\", \"fingerprint\": \"0\", \"inputs\": {\"seed\": null},"
            + " \"config\": \"{}\", \"counts\": {}, \"chunks\": 1, \"tables\": [], \"versions\": []}"
      })
  void aManifestThatLacksSomethingIsRefused(String json) {
    assertThatThrownBy(() -> RunManifest.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("run.json");
  }
}
