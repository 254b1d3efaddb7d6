package org.denseflow.graph;

import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A map read through receptive fields of 3x3 places, each cell's transformed by an affine map of
 * its own: what the last convolution of RTNs' feature extraction sees (Section 4.2). For a cell at
 * p with the field {@code (a11, a12, tx, a21, a22, ty)}, which is added to the identity, place o is
 * read at {@code p + t + (I + A) · o}; outside of the map lie zeros, as around a convolution. Our
 * choice: positions are in cells and horizontal first; the released code has [-1, 1], vertical
 * first.
 */
public final class AffineReceptiveField {
  /** Numbers per cell. */
  public static final int PARAMETERS = 6;

  /** Places of the receptive field. */
  public static final int PLACES = 9;

  private AffineReceptiveField() {}

  /**
   * Reads.
   *
   * @param map {@code [batch, h, w, channels]}
   * @param fields {@code [batch, h·w, 6]}
   * @return {@code [batch, h·w, 9 · channels]}, place by place, rows of the receptive field first
   */
  public static SDVariable sample(SDVariable map, Size grid, int channels, SDVariable fields) {
    SDVariable positions = positions(fields, grid).reshape(-1, grid.cells() * PLACES, 2);
    return BilinearSampling.sample(map, grid, channels, positions, Border.ZERO)
        .reshape(-1, grid.cells(), PLACES * channels);
  }

  /**
   * Where the places lie.
   *
   * @return {@code [batch, h·w, 18]}, (x, y) of each place, in cells
   */
  static SDVariable positions(SDVariable fields, Size grid) {
    double[][] effect = new double[PARAMETERS][2 * PLACES];
    double[][] upright = new double[grid.cells()][2 * PLACES];

    for (int k = 0; k < PLACES; k++) {
      double[] place = {k % 3 - 1, k / 3 - 1, 1};

      for (int axis = 0; axis < 2; axis++) {
        for (int i = 0; i < place.length; i++) {
          effect[place.length * axis + i][2 * k + axis] = place[i];
        }

        for (int cell = 0; cell < grid.cells(); cell++) {
          double own = axis == 0 ? cell % grid.width() : cell / grid.width();
          upright[cell][2 * k + axis] = own + place[axis];
        }
      }
    }

    SDVariable moved =
        fields
            .getSameDiff()
            .mmul(fields.reshape(-1, PARAMETERS), Constants.matrix(fields, effect))
            .reshape(-1, grid.cells(), 2 * PLACES);
    return moved.add(Constants.tensor(fields, new double[][][] {upright}));
  }
}
