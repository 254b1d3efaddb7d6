package org.denseflow.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Numbers as papers print them, to show beside ours. They are quoted, not reproduced: papers count
 * under different protocols even where the metric has the same name.
 */
public final class PublishedResults {

  private static final String RESOURCE = "/org/denseflow/published/results.csv";
  private static final String HEADER = "benchmark,category,method,metric,value,source";

  /**
   * One printed number.
   *
   * @param benchmark the dataset layout's name, such as {@code pf-willow}
   * @param category "all", or the category or group the number is for
   * @param method the method and its variant
   * @param metric such as {@code pck@0.10}, {@code flow-acc@5}, {@code iou}, {@code lt-acc}
   * @param value a share, 0..1, or a localisation error in box units
   * @param source the paper that prints it, which may quote another
   */
  public record Row(
      String benchmark,
      String category,
      String method,
      String metric,
      double value,
      String source) {}

  private PublishedResults() {}

  /** Every number, in the order of the tables. */
  public static List<Row> all() {
    List<String> lines = lines();

    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new IllegalStateException("Invalid resource " + RESOURCE + ": expected " + HEADER);
    }
    return lines.stream().skip(1).map(PublishedResults::row).toList();
  }

  /** The numbers of one benchmark; none where papers report none. */
  public static List<Row> of(String benchmark) {
    return all().stream().filter(row -> row.benchmark().equals(benchmark)).toList();
  }

  private static Row row(String line) {
    String[] cells = line.split(",");

    if (cells.length != 6) {
      throw new IllegalStateException("Invalid line in " + RESOURCE + ": " + line);
    }
    return new Row(cells[0], cells[1], cells[2], cells[3], Double.parseDouble(cells[4]), cells[5]);
  }

  private static List<String> lines() {
    try (InputStream in = PublishedResults.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("Cannot find " + RESOURCE + " on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + RESOURCE, e);
    }
  }
}
