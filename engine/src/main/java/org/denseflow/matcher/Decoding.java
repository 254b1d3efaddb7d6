package org.denseflow.matcher;

/** The grid of a flow, and how the matches of cells become the flow of pixels. */
public enum Decoding {
  /** The cells that were matched; each match is that of the cell's centre. */
  CELLS,
  /**
   * The source's pixels (SFNet's released code): the centres of the outermost cells lie on those of
   * the outermost pixels, in both images, and the matched positions are interpolated between.
   */
  PIXELS
}
