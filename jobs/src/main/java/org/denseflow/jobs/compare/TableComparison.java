package org.denseflow.jobs.compare;

import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.denseflow.jobs.run.RunTable;

/**
 * The comparison of a table of two runs, row by row and column by column.
 *
 * @param rows that both runs have
 * @param equal of these, whose compared columns are all equal
 * @param missing rows that the second run lacks
 * @param additional rows that the first run lacks
 * @param twice ids that a run has more than one row of; the first of these is compared
 * @param columns by name
 */
record TableComparison(
    long rows,
    long equal,
    NamedRows missing,
    NamedRows additional,
    NamedRows twice,
    Map<String, ColumnComparison> columns)
    implements Serializable {
  static final TableComparison NONE =
      new TableComparison(0, 0, NamedRows.NONE, NamedRows.NONE, NamedRows.NONE, new TreeMap<>());

  /**
   * Which differences do not count.
   *
   * @param tolerance the greatest difference of numbers that is none
   * @param ignored columns, as {@code seconds} or {@code masks.seconds}
   */
  record Rule(double tolerance, Set<String> ignored) implements Serializable {
    boolean ignores(RunTable table, String column) {
      return table.varying().contains(column)
          || ignored.contains(column)
          || ignored.contains(table.name() + "." + column);
    }
  }

  /** A row that both runs have. */
  static TableComparison of(RunTable table, String id, Row left, Row right, Rule rule) {
    CellComparison cells = new CellComparison(table, left, right);
    Map<String, ColumnComparison> columns = new TreeMap<>();

    for (String column : table.schema().fieldNames()) {
      String name =
          column.equals("value") && !table.names().isEmpty() ? left.getAs(table.names()) : column;

      if (!rule.ignores(table, name)) {
        columns.put(name, ColumnComparison.of(id, cells.of(column), rule.tolerance()));
      }
    }

    return ofRow(columns);
  }

  /** A row of these columns. */
  static TableComparison ofRow(Map<String, ColumnComparison> columns) {
    boolean equal = columns.values().stream().allMatch(column -> column.differing() == 0);
    return new TableComparison(
        1, equal ? 1 : 0, NamedRows.NONE, NamedRows.NONE, NamedRows.NONE, columns);
  }

  /** A row that only the first run has. */
  static TableComparison missing(String id) {
    return new TableComparison(
        0, 0, NamedRows.of(id), NamedRows.NONE, NamedRows.NONE, new TreeMap<>());
  }

  /** A row that only the second run has. */
  static TableComparison additional(String id) {
    return new TableComparison(
        0, 0, NamedRows.NONE, NamedRows.of(id), NamedRows.NONE, new TreeMap<>());
  }

  /** The same with an id that has several rows. */
  TableComparison withTwice(String id) {
    return new TableComparison(
        rows, equal, missing, additional, twice.plus(NamedRows.of(id)), columns);
  }

  TableComparison plus(TableComparison other) {
    Map<String, ColumnComparison> both = new TreeMap<>(columns);
    other.columns.forEach((name, column) -> both.merge(name, column, ColumnComparison::plus));
    return new TableComparison(
        rows + other.rows,
        equal + other.equal,
        missing.plus(other.missing),
        additional.plus(other.additional),
        twice.plus(other.twice),
        both);
  }

  /** Whether both runs have the same rows, each once. */
  boolean same() {
    return equal == rows && missing.count() + additional.count() + twice.count() == 0;
  }

  /** The table that is printed. */
  String describe(String table) {
    StringBuilder text =
        new StringBuilder(
            "%s: rows %d, equal %d, missing %s, additional %s, twice %s%n"
                .formatted(table, rows, equal, missing, additional, twice));
    text.append(
        "  %-22s %10s %10s %20s  %s%n"
            .formatted("column", "equal", "differing", "greatest difference", "at"));
    columns.forEach(
        (name, column) ->
            text.append(
                "  %-22s %10d %10d %20s  %s%n"
                    .formatted(
                        name,
                        column.equal(),
                        column.differing(),
                        greatest(column),
                        column.row() == null ? "" : column.row())));
    return text.toString();
  }

  private static String greatest(ColumnComparison column) {
    return column.row() == null
        ? "0"
        : column.greatest() == null ? "-" : String.format(Locale.ROOT, "%.3g", column.greatest());
  }
}
