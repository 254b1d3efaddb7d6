package org.denseflow.matcher.proposals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.denseflow.proposals.RegionBox;
import org.denseflow.proposals.RegionMatch;

/**
 * Each source region's counterpart, from the cosines of all pairs of regions. Without a geometry
 * term it is naive appearance matching (NAM), with votes probabilistic Hough matching (PHM) or
 * SCNet's, with local offsets local offset matching (LOM), whose first matches are those of the
 * votes.
 *
 * <p>Besides the cosines it holds two arrays of their size: 8 MB for 1000 x 1000 regions. Used by
 * one thread at a time.
 */
public final class RegionMatching {
  private final Optional<HoughVoting> voting;
  private final Optional<LocalOffsetMatching> local;
  private float[] similarity = new float[0];
  private float[] score = new float[0];

  /** Makes a matching. */
  public RegionMatching(Optional<VotingParameters> voting, Optional<LocalOffsetParameters> local) {
    this.voting = voting.map(HoughVoting::new);
    this.local = local.map(LocalOffsetMatching::new);
  }

  /**
   * Matches every source region.
   *
   * @param source in fractions of their image's sides
   * @param target in fractions of theirs
   * @param appearance {@code [sources, targets]} at the array's beginning: cosines
   * @param geometry the same, of the matches as they vote; may be the same array
   * @return one match per source region, in their order
   */
  public List<RegionMatch> match(
      List<RegionBox> source, List<RegionBox> target, float[] appearance, float[] geometry) {
    int potential = source.size() * target.size();

    if (similarity.length < potential) {
      similarity = new float[potential];
      score = new float[potential];
    }

    for (int m = 0; m < potential; m++) {
      float rectified = Math.max(0, appearance[m]);
      similarity[m] = rectified;
      score[m] = rectified;
    }

    float[] voters = geometry == appearance ? similarity : geometry;
    voting.ifPresent(term -> term.score(source, target, voters, score));
    local.ifPresent(term -> term.score(source, target, similarity, score));
    int[] best = best(score, source.size(), target.size());
    List<RegionMatch> matches = new ArrayList<>(source.size());

    for (int i = 0; i < best.length; i++) {
      int m = i * target.size() + best[i];
      matches.add(new RegionMatch(source.get(i), target.get(best[i]), similarity[m], score[m]));
    }

    return matches;
  }

  /** The column of each row's first largest value. */
  static int[] best(float[] values, int rows, int columns) {
    int[] best = new int[rows];

    for (int i = 0; i < rows; i++) {
      int from = i * columns;

      for (int j = 1; j < columns; j++) {
        best[i] = values[from + j] > values[from + best[i]] ? j : best[i];
      }
    }

    return best;
  }
}
