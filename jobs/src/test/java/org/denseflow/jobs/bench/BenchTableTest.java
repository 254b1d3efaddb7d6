package org.denseflow.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTableTest {
  @TempDir private Path folder;

  @Test
  void aRatioSaysHowManyTimesItsFloorTheWorkTakesAlsoOfRates() {
    assertThat(BenchRow.of("match", 6, "ms", 4).ratio()).isEqualTo(1.5);
    assertThat(BenchRow.rate("pairs", 80, "pairs/s", 120).ratio()).isEqualTo(1.5);
  }

  @Test
  void theFileHasTheFieldsOfEachRow() throws IOException {
    Path file = folder.resolve("rows.json");
    List<BenchRow> rows = List.of(BenchRow.of("match", 6, "ms", 4));
    BenchTable.write(rows, file);
    JsonNode expected =
        new ObjectMapper()
            .readTree(
                "[{\"bench\": \"match\", \"value\": 6.0, \"unit\": \"ms\", \"floor\": 4.0, \"ratio\": 1.5}]");
    assertThat(new ObjectMapper().readTree(file.toFile())).isEqualTo(expected);
    assertThat(BenchTable.read(file)).isEqualTo(rows);
  }

  @Test
  void withoutABaselineEachRowIsALineOfItsFigures() {
    String[] lines =
        BenchTable.text(List.of(BenchRow.of("match", 6, "ms", 4)), List.of()).split("\\R");
    assertThat(lines).hasSize(2);
    assertThat(lines[0].strip().split("\\s+")).containsExactly("value", "floor", "ratio");
    assertThat(lines[1].split("\\s+")).containsExactly("match", "6.00", "ms", "4.00", "ms", "1.50");
  }

  /** Twice as slow a machine as the baseline's has the same ratio. */
  @Test
  void aRowIsPointedOutWhereItsRatioIsAQuarterWorseThanBefore() {
    List<BenchRow> before =
        List.of(
            BenchRow.of("same", 3, "ms", 2),
            BenchRow.of("slower", 2, "ms", 1),
            BenchRow.rate("rate", 100, "/s", 100),
            BenchRow.of("faster", 4, "ms", 1));
    List<BenchRow> now =
        List.of(
            BenchRow.of("same", 6, "ms", 4),
            BenchRow.of("slower", 2.6, "ms", 1),
            BenchRow.rate("rate", 70, "/s", 100),
            BenchRow.of("faster", 2, "ms", 1),
            BenchRow.of("new", 9, "ms", 1));
    List<String> lines = BenchTable.text(now, before).lines().toList();
    assertThat(lines.get(0)).endsWith("baseline");
    assertThat(lines.get(1)).endsWith("1.50      1.50");
    assertThat(lines.get(2)).endsWith("2.60      2.00  WORSE");
    assertThat(lines.get(3)).endsWith("1.43      1.00  WORSE");
    assertThat(lines.get(4)).endsWith("2.00      4.00");
    assertThat(lines.get(5)).endsWith("9.00");
    assertThat(lines.get(6)).isEqualTo("2 of 5 rows are worse than the baseline");
  }
}
