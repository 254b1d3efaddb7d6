package org.denseflow.jobs.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.denseflow.Fuzzing;
import org.denseflow.config.Presets;
import org.denseflow.jobs.UsageException;
import org.denseflow.method.ConfiguredMethod;
import org.denseflow.method.ConfiguredSystem;
import org.denseflow.schemas.RunManifest;
import org.denseflow.schemas.SummaryRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What jobs write and read again, and configuration files: see {@link Fuzzing}. */
class JobFilesFuzzTest {
  private static final long MOST = 16 << 20;

  /** What HOCON takes for nesting as deep as the stack. */
  private static final long MOST_OF_HOCON = 512 << 20;

  private static final String POINT =
      "[{\"step\": 1, \"protocol\": \"p\", \"metric\": \"pck\", \"value\": 0.5,"
          + " \"pairs\": 3, \"listed\": 3}]";

  private static final String ROW =
      """
      [{"dataset": "cub", "method": "nn", "backbone": "hog", "protocol": "p", "category": "all",
        "metric": "pcr@0.10", "value": 0.5, "pairs": 3, "failed": 0, "unscored": 0}]
      """;

  @Test
  void manifests() {
    String json =
        new RunManifest(
                RunManifest.FORMAT,
                "DenseFlowJob",
                "0123",
                Map.of("dataset", "cub:/data", "seed", "1"),
                Presets.canonical(Presets.parse("limits { image-side = 3 }", "test")),
                Map.of("pairs", 5L),
                1,
                List.of("flows"),
                List.of("java 17"))
            .toJson();
    new Fuzzing("run.json", MOST, IllegalArgumentException.class)
        .text(List.of(json.getBytes(UTF_8)), bytes -> read(new String(bytes, UTF_8)));
  }

  private static void read(String json) {
    RunManifest manifest = RunManifest.parse(json);
    assertThat(manifest.input("seed")).isNotNull();
    assertThat(manifest.count("images")).isNotNegative();
    Presets.ofRun(manifest.config());
  }

  @Test
  void evaluations() {
    assertThat(RegionCurves.pictures(Map.of("x", rows(ROW)))).hasSize(2);
    new Fuzzing("summary.json", MOST, UsageException.class)
        .text(List.of(ROW.getBytes(UTF_8)), bytes -> rows(new String(bytes, UTF_8)));
    new Fuzzing("steps.json", MOST, UsageException.class)
        .text(
            List.of(POINT.getBytes(UTF_8)),
            bytes -> StepCurves.table(points(new String(bytes, UTF_8))));
  }

  private static List<SummaryRow> rows(String json) {
    return EvaluationFile.rows("summary.json", json, SummaryRow[].class);
  }

  private static List<StepCurves.Point> points(String json) {
    return EvaluationFile.rows("steps.json", json, StepCurves.Point[].class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[null]", "[{}]", "{}", "", "[{\"metric\": \"pcr@x\"}]"})
  void whatIsNoEvaluationIsRefused(String json) {
    assertThatThrownBy(() -> rows(json))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("Cannot read summary.json: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"other\": 0.5", "\"value\": null", "\"value\": \"\""})
  void aFigureThatIsMissingIsNotZero(String instead) {
    assertThatThrownBy(() -> rows(ROW.replace("\"value\": 0.5", instead)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("Cannot read summary.json: ");
    assertThatThrownBy(() -> points(POINT.replace("\"value\": 0.5", instead)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("Cannot read steps.json: ");
  }

  /** A curve's point that no evaluation has is not drawn. */
  @Test
  void unknownMetricsAreNoPoints() {
    assertThat(RegionCurves.pictures(Map.of("x", rows(ROW.replace("0.10", "many"))))).isEmpty();
  }

  @Test
  void configurations() throws IOException {
    new Fuzzing("method .conf", MOST_OF_HOCON, IllegalArgumentException.class)
        .text(List.of(preset("methods/guided")), bytes -> ConfiguredMethod.of(parsed(bytes)));
    new Fuzzing("training .conf", MOST_OF_HOCON, IllegalArgumentException.class)
        .text(
            List.of(preset("training/sfnet-compact")), bytes -> ConfiguredSystem.of(parsed(bytes)));
  }

  private static com.typesafe.config.Config parsed(byte[] bytes) {
    return Presets.parse(new String(bytes, UTF_8), "own.conf");
  }

  private static byte[] preset(String name) throws IOException {
    String resource = "/conf/" + name + ".conf";

    try (InputStream in = JobFilesFuzzTest.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    }
  }
}
