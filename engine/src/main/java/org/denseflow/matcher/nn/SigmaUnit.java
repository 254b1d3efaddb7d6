package org.denseflow.matcher.nn;

/** The unit that the width of a Gaussian around a cell is given in. */
public enum SigmaUnit {
  /** A cell of a grid of 20 x 20, SFNet's: the same share of a grid of any size. */
  TWENTIETH,
  /** A cell of the grid that is matched, as in SFNet's released code. */
  CELL;

  /** A width in cells of a grid. */
  public double cells(double sigma, int side) {
    return switch (this) {
      case TWENTIETH -> sigma * side / 20;
      case CELL -> sigma;
    };
  }
}
