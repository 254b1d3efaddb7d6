package org.denseflow.correlation;

import java.util.ArrayList;
import java.util.List;

/**
 * Mutual consistency of a rectified volume (Guided Semantic Flow, Eq. 4): Q_ij = C_ij² / (max_i C ·
 * max_j C), 1 for mutual nearest neighbours, at most 1 for all others. Of a source cell's equal
 * candidates the first counts, and of source cells that are equally near the first that chooses.
 *
 * @param bestTarget for each source cell its best target cell
 * @param mutual for each source cell 1 if its best target cell chooses it too, else 0
 * @param consistency for each source cell Q at its best target cell, 0..1; 0 for a cell whose
 *     candidates are all 0
 */
public record MutualConsistency(int[] bestTarget, float[] mutual, float[] consistency) {

  /** Looks at each source cell's best candidate. */
  public static MutualConsistency of(CorrelationVolume volume) {
    Search search = new Search(volume);
    float[] candidates = new float[volume.columns()];

    for (int i = 0; i < volume.rows(); i++) {
      System.arraycopy(volume.values(), i * candidates.length, candidates, 0, candidates.length);
      search.row(i, candidates);
    }

    return search.end();
  }

  /** Looks at a volume row by row, so that none need be kept. */
  public static final class Search {
    private final int[] bestTarget;
    private final float[] ofRows;
    private final float[] ofColumns;
    private final List<float[]> halves = new ArrayList<>();

    /** Has seen no row of a volume of this one's size. */
    public Search(CorrelationVolume volume) {
      this.bestTarget = new int[volume.rows()];
      this.ofRows = new float[volume.rows()];
      this.ofColumns = new float[volume.columns()];

      for (int half = (volume.columns() + 1) / 2; half > 4; half = (half + 1) / 2) {
        halves.add(new float[half]);
      }
    }

    /** Takes source cell i's candidates. */
    public void row(int i, float[] candidates) {
      raise(ofColumns, candidates);
      float largest = largest(candidates);
      int best = 0;

      while (largest > 0 && candidates[best] != largest) {
        best++;
      }

      ofRows[i] = largest;
      bestTarget[i] = best;
    }

    /**
     * The largest candidate, but not less than 0, by halving: no branch depends on values, which
     * after modulation rise towards their largest, so that a plain search would mispredict.
     */
    private float largest(float[] candidates) {
      float[] from = candidates;

      for (float[] half : halves) {
        System.arraycopy(from, from.length - half.length, half, 0, half.length);
        raise(half, from);
        from = half;
      }

      float largest = 0;

      for (float value : from) {
        largest = Math.max(largest, value);
      }

      return largest;
    }

    /** Alone and with equal indices, so that the compiler makes vector instructions of it. */
    private static void raise(float[] values, float[] others) {
      for (int j = 0; j < values.length; j++) {
        values[j] = Math.max(values[j], others[j]);
      }
    }

    /** What the rows seen say. */
    public MutualConsistency end() {
      float[] mutual = new float[ofRows.length];
      float[] consistency = new float[ofRows.length];
      boolean[] chosen = new boolean[ofColumns.length];

      for (int i = 0; i < ofRows.length; i++) {
        int j = bestTarget[i];

        if (ofRows[i] > 0) {
          // The row's maximum is own, so Q = own² / (own · rival).
          consistency[i] = ofRows[i] / ofColumns[j];
          boolean chooses = ofRows[i] == ofColumns[j];
          mutual[i] = chooses && !chosen[j] ? 1 : 0;
          chosen[j] |= chooses;
        }
      }

      return new MutualConsistency(bestTarget, mutual, consistency);
    }
  }
}
