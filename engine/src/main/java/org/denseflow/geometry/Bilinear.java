package org.denseflow.geometry;

import java.util.function.IntToDoubleFunction;

/**
 * A position on a grid as the four cells around it, for bilinear interpolation: the one sampler
 * outside of graphs. Cell centres are whole coordinates; values are {@code [height, width,
 * channels]}.
 *
 * @param topLeft number of the cell, {@link #OUTSIDE} where there is none; likewise the others
 * @param x share of the right cells, 0 to 1
 * @param y share of the bottom cells, 0 to 1
 */
public record Bilinear(
    int topLeft, int topRight, int bottomLeft, int bottomRight, double x, double y) {
  /** In place of a cell's number: its values are 0. */
  public static final int OUTSIDE = -1;

  /** The number of cells around a position. */
  public static final int CORNERS = 4;

  /** What lies beyond the outermost cells. */
  public enum Border {
    /** The outermost cells: positions are clamped. */
    REPLICATE,
    /** Zeros; between the outermost cells and the next they fade in. */
    ZERO
  }

  /** The cells around a position. */
  public static Bilinear at(Size grid, double x, double y, Border border) {
    int width = grid.width();
    int height = grid.height();
    boolean clamped = border == Border.REPLICATE;
    double column = clamped ? clamped(x, width - 1) : x;
    double row = clamped ? clamped(y, height - 1) : y;
    int left = clamped ? (int) column : (int) Math.floor(column);
    int top = clamped ? (int) row : (int) Math.floor(row);
    double fx = column - left;
    double fy = row - top;

    if (clamped) {
      int right = Math.min(width - 1, left + 1);
      int bottom = Math.min(height - 1, top + 1) * width;
      top *= width;
      return new Bilinear(top + left, top + right, bottom + left, bottom + right, fx, fy);
    }

    return new Bilinear(
        cell(grid, left, top),
        cell(grid, left + 1, top),
        cell(grid, left, top + 1),
        cell(grid, left + 1, top + 1),
        fx,
        fy);
  }

  private static double clamped(double position, int last) {
    return position < 0 ? 0 : position > last ? last : position;
  }

  private static int cell(Size grid, int column, int row) {
    boolean inside = column >= 0 && row >= 0 && column < grid.width() && row < grid.height();
    return inside ? row * grid.width() + column : OUTSIDE;
  }

  /** The nearest cell, of equally near ones the one further right or below. */
  public int nearest() {
    return cell((x < 0.5 ? 0 : 1) + (y < 0.5 ? 0 : 2));
  }

  /** The interpolated value of what is given for each cell. */
  public double read(IntToDoubleFunction values) {
    double left = 1 - x;
    double top = value(values, topLeft) * left + value(values, topRight) * x;
    double bottom = value(values, bottomLeft) * left + value(values, bottomRight) * x;
    return top * (1 - y) + bottom * y;
  }

  private static double value(IntToDoubleFunction values, int cell) {
    return cell == OUTSIDE ? 0 : values.applyAsDouble(cell);
  }

  /** Corner k, row by row: a cell's number or {@link #OUTSIDE}. */
  public int cell(int k) {
    return switch (k) {
      case 0 -> topLeft;
      case 1 -> topRight;
      case 2 -> bottomLeft;
      default -> bottomRight;
    };
  }

  /** Corner k's weight; the four sum to 1. */
  public double weight(int k) {
    return (k % 2 == 0 ? 1 - x : x) * (k / 2 == 0 ? 1 - y : y);
  }

  /**
   * Interpolates all channels, in single precision.
   *
   * @param to receives them from {@code at} on
   */
  public void read(float[] values, int channels, float[] to, int at) {
    float fx = (float) x;
    float fy = (float) y;
    int i00 = topLeft * channels;
    int i01 = topRight * channels;
    int i10 = bottomLeft * channels;
    int i11 = bottomRight * channels;

    for (int c = 0; c < channels; c++) {
      float top = values[i00 + c] * (1 - fx) + values[i01 + c] * fx;
      float bottom = values[i10 + c] * (1 - fx) + values[i11 + c] * fx;
      to[at + c] = top * (1 - fy) + bottom * fy;
    }
  }
}
