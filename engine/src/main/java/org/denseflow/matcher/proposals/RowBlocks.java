package org.denseflow.matcher.proposals;

import java.util.stream.IntStream;

/** The rows of a matrix in blocks that are worked on side by side, by as many cores as are free. */
final class RowBlocks {
  private static final int ROWS = 64;

  private RowBlocks() {}

  /** What is done with the rows from the first to before the last; it must not read others. */
  interface Body {
    void accept(int first, int last);
  }

  static void forEach(int rows, Body body) {
    IntStream.range(0, (rows + ROWS - 1) / ROWS)
        .parallel()
        .forEach(block -> body.accept(block * ROWS, Math.min(rows, (block + 1) * ROWS)));
  }
}
