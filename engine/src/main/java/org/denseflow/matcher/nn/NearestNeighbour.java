package org.denseflow.matcher.nn;

import java.util.Optional;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.MutualConsistency;
import org.denseflow.matcher.CellFlow;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.PeakRefinement;
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
  private final Optional<PeakRefinement> refinement;

  /** Makes a read-out whose matches are at the centres of target cells. */
  public NearestNeighbour(Validity validity) {
    this(validity, Optional.empty());
  }

  /** Makes a read-out whose matches are between cells if there is a refinement. */
  public NearestNeighbour(Validity validity, Optional<PeakRefinement> refinement) {
    this.validity = validity;
    this.refinement = refinement;
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
      double[] position = position(volume, i, j);
      flow.set(i, position[0], position[1], mutual.consistency()[i]);
      score += volume.at(i, j);

      if (mutual.mutual()[i] > 0) {
        confident++;
      } else if (validity == Validity.MUTUAL || volume.at(i, j) <= 0) {
        flow.invalidate(i);
      }
    }

    return new Match(flow.field(), score / volume.rows(), confident, Match.Fallback.NONE);
  }

  private double[] position(CorrelationVolume volume, int i, int j) {
    double[] position = {j % volume.target().width(), j / volume.target().width()};

    if (refinement.isPresent() && volume.at(i, j) > 0) {
      int from = i * volume.columns();
      refinement.get().refine(volume.target(), volume.values(), from, j, position, 0);
    }

    return position;
  }
}
