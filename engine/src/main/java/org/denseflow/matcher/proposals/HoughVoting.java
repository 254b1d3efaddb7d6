package org.denseflow.matcher.proposals;

import java.util.Arrays;
import java.util.List;
import org.denseflow.proposals.RegionBox;

/**
 * The geometry term of SCNet (Section 3.2) and of probabilistic Hough matching: every potential
 * match votes for its offset bin by its similarity, and a match scores its own similarity times the
 * votes of its bin, Eq. 9, z(m) = f(m) · sum of f(m') over the bin h(m). The sum is made once for
 * each bin, so that a pair of n and p regions costs n · p additions and as many products.
 *
 * <p>Holds a buffer of {@code 4 · n · p} bytes; used by one thread at a time.
 */
public final class HoughVoting {
  /** A Gaussian of one bin over five bins. */
  private static final float[] KERNEL = {0.0545f, 0.2442f, 0.4026f, 0.2442f, 0.0545f};

  private final VotingParameters parameters;
  private final OffsetBins bins;
  private final float[] votes;
  private int[] binOf = new int[0];

  /** Makes the bins. */
  public HoughVoting(VotingParameters parameters) {
    this.parameters = parameters;
    this.bins = new OffsetBins(parameters.offsets());
    this.votes = new float[bins.count() + 1];
  }

  /**
   * Scores all potential matches of two images' regions; Eq. 9 where both similarities are the
   * same, else Eq. 12.
   *
   * @param source in fractions of their image's sides
   * @param target in fractions of theirs
   * @param geometry {@code [sources, targets]}: similarities that vote, not negative
   * @param appearance {@code [sources, targets]}: similarities, replaced by scores
   */
  public void score(
      List<RegionBox> source, List<RegionBox> target, float[] geometry, float[] appearance) {
    int matches = source.size() * target.size();

    if (binOf.length < matches) {
      binOf = new int[matches];
    }

    bins.assign(source, target, binOf);
    Arrays.fill(votes, 0);

    switch (parameters.ballot()) {
      case EVERY_MATCH -> voteAll(matches, geometry);
      case BEST_PER_REGION -> voteBest(source.size(), target.size(), geometry);
    }

    for (int round = 0; round < parameters.smoothings(); round++) {
      smooth();
    }

    for (int bin = 0; bin < bins.count(); bin++) {
      votes[bin] += (float) parameters.prior();
    }

    votes[bins.none()] = 0;

    for (int m = 0; m < matches; m++) {
      appearance[m] *= votes[binOf[m]];
    }
  }

  private void voteAll(int matches, float[] similarity) {
    float threshold = (float) parameters.threshold();

    for (int m = 0; m < matches; m++) {
      votes[binOf[m]] += Math.max(0, similarity[m] - threshold);
    }
  }

  /** Of a source region's matches in one bin only the most similar counts. */
  private void voteBest(int sources, int targets, float[] similarity) {
    float threshold = (float) parameters.threshold();
    float[] best = new float[votes.length];

    for (int i = 0; i < sources; i++) {
      int from = i * targets;

      for (int m = from; m < from + targets; m++) {
        float vote = similarity[m] - threshold;
        int bin = binOf[m];

        if (vote > best[bin]) {
          votes[bin] += vote - best[bin];
          best[bin] = vote;
        }
      }

      for (int m = from; m < from + targets; m++) {
        best[binOf[m]] = 0;
      }
    }
  }

  private void smooth() {
    smooth(1, bins.columns());
    smooth(bins.columns(), bins.columns());
    smooth(bins.columns() * bins.columns(), bins.scales());
  }

  /** Along the axis of this length whose neighbours are stride apart; zero beyond its ends. */
  private void smooth(int stride, int length) {
    float[] line = new float[length];

    for (int i = 0; i < bins.count(); i++) {
      if (i / stride % length == 0) {
        for (int k = 0; k < length; k++) {
          line[k] = votes[i + k * stride];
        }

        for (int k = 0; k < length; k++) {
          float sum = 0;

          for (int t = Math.max(-2, -k); t <= 2 && k + t < length; t++) {
            sum += KERNEL[t + 2] * line[k + t];
          }

          votes[i + k * stride] = sum;
        }
      }
    }
  }
}
