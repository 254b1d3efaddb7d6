package org.denseflow.matcher.nn;

import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.MutualConsistency;
import org.denseflow.matcher.CellFlow;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.ReadOut;

/**
 * Each source cell goes to the target cell with the largest cosine. Confidence is mutual
 * consistency; the score is the mean rectified cosine.
 */
public final class NearestNeighbour implements ReadOut {

  /** Which cells make a statement; a cell without any positive candidate never does. */
  public enum Validity {
    /** Every other cell. */
    ALL,
    /** Only cells whose target cell chooses them back. */
    MUTUAL
  }

  private final Validity validity;

  /** Makes a read-out. */
  public NearestNeighbour(Validity validity) {
    this.validity = validity;
  }

  @Override
  public Match read(CorrelationVolume volume) {
    volume.rectify();
    MutualConsistency mutual = MutualConsistency.of(volume);
    CellFlow flow = new CellFlow(volume);
    int confident = 0;
    double score = 0;

    for (int i = 0; i < volume.rows(); i++) {
      int j = mutual.bestTarget()[i];
      flow.set(
          i, j % volume.target().width(), j / volume.target().width(), mutual.consistency()[i]);
      score += volume.at(i, j);

      if (mutual.mutual()[i] > 0) {
        confident++;
      } else if (validity == Validity.MUTUAL || volume.at(i, j) <= 0) {
        flow.invalidate(i);
      }
    }

    return new Match(flow.field(), score / volume.rows(), confident, Match.Fallback.NONE);
  }
}
