package org.denseflow.graph;

import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Vectors stretched to matrices by an outer product with ones. The gradient is a matrix product
 * then; that of a native product with implicit broadcasting takes ten times as long.
 */
final class Broadcast {

  private Broadcast() {}

  /**
   * Repeats a row.
   *
   * @param row {@code [columns]}
   * @param columns its length
   * @param like {@code [rows, columns]}
   * @return {@code [rows, columns]}
   */
  static SDVariable row(SDVariable row, int columns, SDVariable like) {
    SameDiff graph = like.getSameDiff();
    SDVariable rows = graph.shape(like).get(SDIndex.interval(0, 1));
    SDVariable shape = graph.concat(0, rows, Constants.longs(like, 1));
    return graph.mmul(graph.fill(shape, like.dataType(), 1), row.reshape(1, columns));
  }

  /**
   * Repeats a column.
   *
   * @param column {@code [rows, 1]}
   * @param columns how often
   * @return {@code [rows, columns]}
   */
  static SDVariable column(SDVariable column, int columns) {
    double[][] ones = new double[1][columns];
    Arrays.fill(ones[0], 1);
    return column.getSameDiff().mmul(column, Constants.matrix(column, ones));
  }
}
