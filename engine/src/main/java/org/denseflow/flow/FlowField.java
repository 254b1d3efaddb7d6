package org.denseflow.flow;

import java.util.Objects;
import org.denseflow.geometry.Size;

/**
 * A dense correspondence: for each cell of a grid laid over the source image, where it lies in the
 * target. Independent of resolution: displacements are in fractions of the image sides.
 *
 * <p>Convention. Pixel p (0-based, its centre) of an image of width W has the normalised coordinate
 * x = (p + 0.5) / W; grid column c has its centre at (c + 0.5) / gridWidth. A displacement is
 * (target normalised − source normalised). <b>Decoding formula</b>: for source pixel p, the
 * displacement d is read at x = (p + 0.5) / sourceWidth by bilinear interpolation between cell
 * centres (held constant beyond the outermost centres), and the target pixel is q = (x + d) ·
 * targetWidth − 0.5; likewise for rows with heights.
 *
 * @param gridWidth columns of the grid
 * @param gridHeight rows of the grid
 * @param displacement {@code [gridHeight, gridWidth, 2]}: (dx, dy) interleaved, normalised units
 * @param confidence {@code [gridHeight, gridWidth]}, 0..1
 * @param valid {@code [gridHeight, gridWidth]}: false where no statement is made
 */
public record FlowField(
    int gridWidth, int gridHeight, float[] displacement, float[] confidence, boolean[] valid) {

  /** Checks the array sizes. */
  public FlowField {
    Objects.requireNonNull(displacement, "displacement");
    Objects.requireNonNull(confidence, "confidence");
    Objects.requireNonNull(valid, "valid");
    long cells = (long) gridWidth * gridHeight;

    if (gridWidth <= 0
        || gridHeight <= 0
        || displacement.length != 2 * cells
        || confidence.length != cells
        || valid.length != cells) {
      throw new IllegalArgumentException(
          "Invalid flow field: %d displacements, %d confidences, %d validities for a %dx%d grid"
              .formatted(
                  displacement.length, confidence.length, valid.length, gridWidth, gridHeight));
    }
  }

  /** The grid's size. */
  public Size grid() {
    return new Size(gridWidth, gridHeight);
  }

  /** Grid cells: width times height. */
  public int cells() {
    return gridWidth * gridHeight;
  }
}
