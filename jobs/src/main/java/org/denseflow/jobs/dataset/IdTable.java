package org.denseflow.jobs.dataset;

import java.util.function.Consumer;

/** A text list of blank-separated columns, as CUB-200-2011 has them; the last may hold blanks. */
record IdTable(String uri, String text, int columns) {

  static IdTable read(LayoutSource source, String path, String expected, int columns) {
    return new IdTable(source.at(path), source.text(path, expected), columns);
  }

  void forEachLine(Consumer<Line> action) {
    String[] lines = text.split("\\R");

    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].isBlank()) {
        String[] cells = lines[i].strip().split("\\s+", columns);

        if (cells.length < columns) {
          throw DatasetException.malformed(
              uri,
              i + 1,
              String.valueOf(cells.length + 1),
              "%d columns expected".formatted(columns));
        }
        action.accept(new Line(uri, i + 1, cells));
      }
    }
  }

  /** One line's cells. */
  record Line(String uri, int number, String[] cells) {

    String text(int column) {
      return cells[column];
    }

    double number(int column) {
      try {
        double value = Double.parseDouble(cells[column]);

        if (Double.isFinite(value)) {
          return value;
        }
      } catch (NumberFormatException e) {
        throw malformed(column, "is not a number");
      }
      throw malformed(column, "is not a finite number");
    }

    double positive(int column) {
      double value = number(column);

      if (!(value > 0)) {
        throw malformed(column, "is not positive");
      }
      return value;
    }

    /** A 1-based id of at most {@code count} as an index. */
    int index(int column, int count) {
      double value = number(column);

      if (!(value >= 1 && value <= count && value == Math.rint(value))) {
        throw malformed(column, "is not an id of 1 to " + count);
      }
      return (int) value - 1;
    }

    private DatasetException malformed(int column, String reason) {
      return DatasetException.malformed(
          uri, number, String.valueOf(column + 1), "'" + cells[column] + "' " + reason);
    }
  }
}
