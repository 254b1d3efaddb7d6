package org.denseflow.matcher.guided;

import java.util.Arrays;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.Displacements;
import org.denseflow.correlation.LocalSupport;

/**
 * The input of the pruning network for a pair: of each displacement and source cell the mutual
 * consistency Q (Eq. 4), Q's local support, and whether the match lies in the target grid.
 *
 * @param grid how matches are numbered
 * @param values {@code [displacements, sourceHeight, sourceWidth, 3]}
 */
record PruningInput(Displacements grid, float[] values) {

  /** Looks at a rectified volume, which is not changed. */
  static PruningInput of(CorrelationVolume volume, double supportSigma) {
    Displacements grid = Displacements.of(volume);
    float[] consistency = consistency(volume);
    int length = grid.count() * grid.cells();
    float[] arranged = new float[length];
    grid.arrange(consistency, 1, 0, arranged);
    float[] support = new LocalSupport(grid, supportSigma).of(arranged);
    float[] values = new float[PruningNetwork.INPUTS * length];

    for (int k = 0; k < length; k++) {
      values[3 * k] = arranged[k];
      values[3 * k + 1] = support[k];
    }

    Arrays.fill(consistency, 1);
    grid.arrange(consistency, PruningNetwork.INPUTS, 2, values);
    return new PruningInput(grid, values);
  }

  /** Q of all matches, Eq. 4, {@code [source cells, target cells]}; 0 where C is 0. */
  static float[] consistency(CorrelationVolume volume) {
    int columns = volume.columns();
    int[] bestOfRows = volume.bestOfRows();
    int[] bestOfColumns = volume.bestOfColumns();
    float[] columnMaximum = new float[columns];
    float[] result = new float[volume.rows() * columns];

    for (int j = 0; j < columns; j++) {
      columnMaximum[j] = volume.at(bestOfColumns[j], j);
    }

    for (int i = 0; i < volume.rows(); i++) {
      float rowMaximum = volume.at(i, bestOfRows[i]);

      for (int j = 0; j < columns; j++) {
        float own = volume.at(i, j);
        result[i * columns + j] = own > 0 ? own / rowMaximum * (own / columnMaximum[j]) : 0;
      }
    }

    return result;
  }
}
