package org.denseflow.jobs.compare;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * A number of rows, of which the first few are named.
 *
 * @param count how many
 * @param first their ids, in order
 */
record NamedRows(long count, List<String> first) implements Serializable {
  private static final int NAMED = 5;
  static final NamedRows NONE = new NamedRows(0, List.of());

  static NamedRows of(String row) {
    return new NamedRows(1, List.of(row));
  }

  NamedRows plus(NamedRows other) {
    return new NamedRows(
        count + other.count,
        Stream.concat(first.stream(), other.first.stream()).sorted().limit(NAMED).toList());
  }

  @Override
  public String toString() {
    return count == 0
        ? "0"
        : "%d (%s%s)"
            .formatted(count, String.join(", ", first), count > first.size() ? ", ..." : "");
  }
}
