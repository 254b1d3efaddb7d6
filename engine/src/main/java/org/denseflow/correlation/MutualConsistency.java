package org.denseflow.correlation;

/**
 * Mutual consistency of a rectified volume (Guided Semantic Flow, Eq. 4): Q_ij = C_ij² / (max_i C ·
 * max_j C), 1 for mutual nearest neighbours, at most 1 for all others. Of equal values the first
 * counts.
 *
 * @param bestTarget for each source cell its best target cell
 * @param bestSource for each target cell its best source cell
 * @param consistency for each source cell Q at its best target cell, 0..1; 0 for a cell whose
 *     candidates are all 0
 */
public record MutualConsistency(int[] bestTarget, int[] bestSource, float[] consistency) {

  /** Looks at each source cell's best candidate. */
  public static MutualConsistency of(CorrelationVolume volume) {
    int[] bestTarget = volume.bestOfRows();
    int[] bestSource = volume.bestOfColumns();
    float[] consistency = new float[bestTarget.length];

    for (int i = 0; i < consistency.length; i++) {
      int j = bestTarget[i];
      float own = volume.at(i, j);
      float rival = volume.at(bestSource[j], j);
      // The row's maximum is own, so Q = own² / (own · rival).
      consistency[i] = own > 0 ? own / rival : 0;
    }

    return new MutualConsistency(bestTarget, bestSource, consistency);
  }

  /** Whether source cell i and its best target cell choose each other. */
  public boolean mutual(int i) {
    return consistency[i] > 0 && bestSource[bestTarget[i]] == i;
  }
}
