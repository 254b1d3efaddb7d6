package org.denseflow.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rows as a table for people and as a file. */
final class BenchTable {
  /** A ratio so many times its baseline is pointed out. */
  private static final double WORSE = 1.25;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private BenchTable() {}

  static List<BenchRow> read(Path file) throws IOException {
    return List.of(JSON.readValue(file.toFile(), BenchRow[].class));
  }

  static void write(List<BenchRow> rows, Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(rows) + "\n");
  }

  /**
   * A line for each row and one above them. Ratios are compared and not times: the floors were
   * measured on the same machine as the values.
   *
   * @param baseline rows of before, empty for no comparison
   */
  static String text(List<BenchRow> rows, List<BenchRow> baseline) {
    Map<String, Double> before = new HashMap<>();
    baseline.forEach(row -> before.put(row.bench(), row.ratio()));
    StringBuilder text = new StringBuilder();
    text.append(
        "%-92s %10s %12s %13s%s%n"
            .formatted("", "value", "floor", "ratio", before.isEmpty() ? "" : "  baseline"));
    int worse = 0;

    for (BenchRow row : rows) {
      Double ratio = before.get(row.bench());
      boolean isWorse = ratio != null && row.ratio() > WORSE * ratio;
      worse += isWorse ? 1 : 0;
      text.append(
          String.format(
              Locale.ROOT,
              "%-92s %10.2f %-7s %10.2f %-7s %7.2f%s%s%n",
              row.bench(),
              row.value(),
              row.unit(),
              row.floor(),
              row.unit(),
              row.ratio(),
              ratio == null ? "" : String.format(Locale.ROOT, "  %8.2f", ratio),
              isWorse ? "  WORSE" : ""));
    }

    if (!baseline.isEmpty()) {
      text.append("%d of %d rows are worse than the baseline%n".formatted(worse, rows.size()));
    }

    return text.toString();
  }
}
