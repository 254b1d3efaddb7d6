package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A comma-separated file with a header, or one with semicolons or tabs (RFC 4180: quoted cells may
 * hold commas, line ends and doubled quotes). Strict, so that a broken list is refused with its
 * line and column: a lenient reader would shift keypoints silently.
 */
record CsvTable(String uri, List<String> header, List<Row> rows) {

  /** One record and the line that it starts on (1-based). */
  record Row(int line, List<String> cells) {}

  /** Parses the text; blank lines are skipped. */
  static CsvTable parse(String uri, String text) {
    List<Row> rows = new CsvParser(uri, text).rows();

    if (rows.isEmpty()) {
      throw new DatasetException("Cannot read " + uri + ": it is empty, expected a header line");
    }
    List<String> header = rows.get(0).cells().stream().map(String::strip).toList();
    CsvTable table = new CsvTable(uri, header, rows.subList(1, rows.size()));
    table.rows().forEach(table::checkWidth);
    return table;
  }

  /** Refuses a table with another number of columns. */
  CsvTable requireColumns(int least, int most) {
    if (header.size() < least || header.size() > most) {
      throw new DatasetException(
          "Cannot read %s: line 1 has %d columns, expected %s"
              .formatted(
                  uri, header.size(), least == most ? least : "%d to %d".formatted(least, most)));
    }
    return this;
  }

  /** Column positions by lower-case name. */
  Map<String, Integer> columns() {
    Map<String, Integer> columns = new HashMap<>();

    for (int c = 0; c < header.size(); c++) {
      if (columns.put(header.get(c).toLowerCase(Locale.ROOT), c) != null) {
        throw DatasetException.malformed(uri, 1, header.get(c), "it occurs twice");
      }
    }
    return columns;
  }

  /** A cell that must not be blank. */
  String required(Row row, int column) {
    String cell = row.cells().get(column).strip();

    if (cell.isEmpty()) {
      throw malformed(row, column, "it is empty");
    }
    return cell;
  }

  /** A cell as a number; "nan" and "null" are NaN. */
  double number(Row row, int column) {
    return parseNumber(row, column, required(row, column));
  }

  /** A cell as numbers, separated as the expression says; an empty cell has none. */
  double[] numbers(Row row, int column, String separator) {
    String cell = row.cells().get(column).strip();

    if (cell.isEmpty()) {
      return new double[0];
    }
    String[] parts = cell.split(separator, -1);
    double[] values = new double[parts.length];

    for (int i = 0; i < parts.length; i++) {
      values[i] = parseNumber(row, column, parts[i].strip());
    }
    return values;
  }

  DatasetException malformed(Row row, int column, String reason) {
    return DatasetException.malformed(uri, row.line(), header.get(column), reason);
  }

  /** Whether a text stands for a number that is not there. */
  static boolean isNoNumber(String text) {
    return text.equalsIgnoreCase("nan") || text.equalsIgnoreCase("null");
  }

  private double parseNumber(Row row, int column, String text) {
    if (isNoNumber(text)) {
      return Double.NaN;
    }

    try {
      double value = Double.parseDouble(text);

      if (Double.isInfinite(value)) {
        throw malformed(row, column, "'" + text + "' is not a finite number");
      }
      return value;
    } catch (NumberFormatException e) {
      throw malformed(row, column, "'" + text + "' is not a number");
    }
  }

  private void checkWidth(Row row) {
    if (row.cells().size() != header.size()) {
      throw DatasetException.malformed(
          uri,
          row.line(),
          String.valueOf(Math.min(row.cells().size(), header.size()) + 1),
          "%d cells, the header has %d".formatted(row.cells().size(), header.size()));
    }
  }

  /** The character-level reader; holds the place in the text. */
  private static final class CsvParser {

    private final String uri;
    private final String text;
    private final String ends;
    private int position;
    private int line = 1;

    CsvParser(String uri, String text) {
      this.uri = uri;
      this.text = text.replace("\r\n", "\n").replace('\r', '\n');
      this.ends = PairColumns.separator(this.text.lines().findFirst().orElse("")) + "\n";
    }

    List<Row> rows() {
      List<Row> rows = new ArrayList<>();

      while (position < text.length()) {
        Row row = row();

        if (row.cells().size() > 1 || !row.cells().get(0).isBlank()) {
          rows.add(row);
        }
      }
      return rows;
    }

    private Row row() {
      int start = line;
      List<String> cells = new ArrayList<>();

      while (true) {
        boolean quoted = position < text.length() && text.charAt(position) == '"';
        cells.add(quoted ? quoted(start, cells.size() + 1) : plain());
        boolean end = position == text.length() || text.charAt(position) == '\n';
        position++;

        if (end) {
          line++;
          return new Row(start, cells);
        }
      }
    }

    private String plain() {
      int start = position;

      while (position < text.length() && ends.indexOf(text.charAt(position)) < 0) {
        position++;
      }
      return text.substring(start, position);
    }

    private String quoted(int row, int column) {
      StringBuilder cell = new StringBuilder();

      for (position++; position < text.length(); position++) {
        char c = text.charAt(position);
        boolean doubled = text.startsWith("\"\"", position);

        if (c == '"' && !doubled) {
          position++;

          if (position < text.length() && ends.indexOf(text.charAt(position)) < 0) {
            throw malformed(row, column, "characters after the closing quote");
          }
          return cell.toString();
        }
        position += doubled ? 1 : 0;
        line += c == '\n' ? 1 : 0;
        cell.append(c);
      }
      throw malformed(row, column, "a quote is never closed");
    }

    private DatasetException malformed(int row, int column, String reason) {
      return DatasetException.malformed(uri, row, String.valueOf(column), reason);
    }
  }
}
