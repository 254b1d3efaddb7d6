package org.denseflow.jobs.synthesis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.Row;
import org.denseflow.jobs.Counted;

/**
 * How the pairs table is cut into files; written once, so that a resumed run cuts it the same way.
 *
 * @param pairs rows
 * @param pairBytes estimated bytes of a row
 * @param files files
 * @param chunkFiles files in a chunk
 */
record FilePlan(long pairs, long pairBytes, int files, int chunkFiles) {
  static final String FILE = "plan.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Cuts a table.
   *
   * @param sample images whose first pairs say how large a row is
   * @param bytes size of an image's first pair
   */
  static FilePlan make(
      long pairs, List<Row> sample, ToLongFunction<Row> bytes, PairJobParameters.Output output) {
    long each = (long) Math.ceil(sample.stream().mapToLong(bytes).average().orElse(1000));
    long wanted = Math.max(1, Math.round((double) each * pairs / output.fileBytes()));
    int files = output.files() > 0 ? output.files() : (int) Math.min(wanted, 1 << 20);
    return new FilePlan(pairs, each, files, output.chunkFiles());
  }

  int chunks() {
    return (files + chunkFiles - 1) / chunkFiles;
  }

  String describe() {
    return "plan: %s of about %.0f MB in %s, about %.1f KB for a pair"
        .formatted(
            Counted.of(files, "files"),
            pairBytes * pairs / 1e6 / files,
            Counted.of(chunks(), "chunks"),
            pairBytes / 1e3);
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static FilePlan parse(String json) {
    try {
      return JSON.readValue(json, FilePlan.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read " + FILE + ": " + e.getOriginalMessage(), e);
    }
  }
}
