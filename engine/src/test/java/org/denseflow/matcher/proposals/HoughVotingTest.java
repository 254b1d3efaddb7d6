package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.denseflow.matcher.proposals.OffsetParameters.Reference;
import org.denseflow.matcher.proposals.VotingParameters.Ballot;
import org.denseflow.proposals.RegionBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Votes against the sum over all pairs of potential matches, Eq. 4 with the kernel of Eq. 8. */
class HoughVotingTest {
  private static final int SOURCES = 23;
  private static final int TARGETS = 17;
  private static final double CELL = 0.25;
  private static final double STEP = 0.5;

  private final List<RegionBox> source = boxes(SOURCES, 1);
  private final List<RegionBox> target = boxes(TARGETS, 2);

  /** Multiples of 1/64: sums of them are exact. */
  private final float[] appearance = similarities(3);

  private final float[] geometry = similarities(4);

  private static List<RegionBox> boxes(int count, long seed) {
    Random random = new Random(seed);
    List<RegionBox> boxes = new ArrayList<>();

    for (int i = 0; i < count; i++) {
      double x = 0.7 * random.nextDouble();
      double y = 0.7 * random.nextDouble();
      boxes.add(
          new RegionBox(
              x, y, x + 0.03 + 0.27 * random.nextDouble(), y + 0.03 + 0.27 * random.nextDouble()));
    }

    return boxes;
  }

  private static float[] similarities(long seed) {
    Random random = new Random(seed);
    float[] values = new float[SOURCES * TARGETS];

    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, random.nextInt(96) - 32) / 64f;
    }

    return values;
  }

  private static HoughVoting voting(
      Reference reference, double threshold, double prior, Ballot ballot) {
    OffsetParameters offsets = new OffsetParameters(reference, CELL, STEP, 2, 2);
    return new HoughVoting(new VotingParameters(offsets, threshold, prior, ballot, 0));
  }

  /** h(m) by its definition, in double precision; empty where the match is none. */
  private List<Long> bin(Reference reference, int m) {
    RegionBox r = source.get(m / TARGETS);
    RegionBox s = target.get(m % TARGETS);
    double scale = Math.sqrt(s.area() / r.area());
    double aspect = (s.width() / s.height()) / (r.width() / r.height());
    double px =
        reference == Reference.CORNER ? 1 : reference == Reference.CENTER ? 0.5 : r.centerX();
    double py =
        reference == Reference.CORNER ? 1 : reference == Reference.CENTER ? 0.5 : r.centerY();
    double x = s.centerX() + (px - r.centerX()) * scale - px;
    double y = s.centerY() + (py - r.centerY()) * scale - py;
    double octaves = Math.log(scale) / Math.log(2);
    boolean isFar = Math.abs(octaves) >= 2 || aspect > 2 || aspect < 0.5;
    isFar |= Math.abs(x) > 1.5 || Math.abs(y) > 1.5;
    return isFar
        ? List.of()
        : List.of(
            (long) Math.floor((x + 1.5) / CELL),
            (long) Math.floor((y + 1.5) / CELL),
            (long) Math.floor((octaves + 2) / STEP));
  }

  @ParameterizedTest
  @EnumSource(Reference.class)
  void scoresAreThoseOfAllPairsOfMatches(Reference reference) {
    float[] scores = appearance.clone();
    voting(reference, 0, 0, Ballot.EVERY_MATCH).score(source, target, appearance, scores);
    int together = 0;

    for (int m = 0; m < scores.length; m++) {
      float votes = 0;

      for (int other = 0; other < scores.length; other++) {
        boolean isKernel =
            !bin(reference, m).isEmpty() && bin(reference, m).equals(bin(reference, other));
        votes += isKernel ? appearance[other] : 0;
        together += isKernel && other != m ? 1 : 0;
      }

      assertThat(scores[m]).as("match %d", m).isEqualTo(appearance[m] * votes);
    }

    assertThat(together).as("matches that share a bin").isGreaterThan(100);
  }

  @Test
  void anotherSimilarityVotesAboveAThresholdOverAPrior() {
    float[] scores = appearance.clone();
    voting(Reference.CORNER, 0.25, 0.125, Ballot.EVERY_MATCH)
        .score(source, target, geometry, scores);

    for (int m = 0; m < scores.length; m++) {
      List<Long> own = bin(Reference.CORNER, m);
      float votes = 0.125f;

      for (int other = 0; other < scores.length; other++) {
        votes +=
            own.equals(bin(Reference.CORNER, other)) ? Math.max(0, geometry[other] - 0.25f) : 0;
      }

      assertThat(scores[m]).isEqualTo(own.isEmpty() ? 0 : appearance[m] * votes);
    }
  }

  @Test
  void ofARegionsMatchesInABinTheBestVotes() {
    float[] scores = appearance.clone();
    voting(Reference.REGION, 0, 0, Ballot.BEST_PER_REGION)
        .score(source, target, appearance, scores);

    for (int m = 0; m < scores.length; m++) {
      List<Long> own = bin(Reference.REGION, m);
      float votes = 0;

      for (int i = 0; i < SOURCES && !own.isEmpty(); i++) {
        float best = 0;

        for (int j = 0; j < TARGETS; j++) {
          int other = i * TARGETS + j;
          best =
              own.equals(bin(Reference.REGION, other)) ? Math.max(best, appearance[other]) : best;
        }

        votes += best;
      }

      assertThat(scores[m]).isEqualTo(appearance[m] * votes);
    }
  }

  /** One match votes; its neighbour in x is the next bin. */
  @Test
  void smoothedVotesReachNeighbouringBins() {
    List<RegionBox> one = List.of(new RegionBox(0.2, 0.2, 0.4, 0.4));
    List<RegionBox> two =
        List.of(new RegionBox(0.3, 0.3, 0.5, 0.5), new RegionBox(0.55, 0.3, 0.75, 0.5));
    float[] scores = {1, 1};
    OffsetParameters offsets = new OffsetParameters(Reference.REGION, CELL, STEP, 2, 2);
    new HoughVoting(new VotingParameters(offsets, 0, 0, Ballot.EVERY_MATCH, 1))
        .score(one, two, new float[] {1, 0}, scores);
    double center = gaussian(0) * gaussian(0) * gaussian(0);
    assertThat(scores[0]).isCloseTo((float) center, org.assertj.core.api.Assertions.within(2e-4f));
    assertThat(scores[1] / scores[0])
        .isCloseTo((float) Math.exp(-0.5), org.assertj.core.api.Assertions.within(2e-3f));
  }

  private static double gaussian(int t) {
    double sum =
        Arrays.stream(new int[] {-2, -1, 0, 1, 2}).mapToDouble(k -> Math.exp(-k * k / 2.0)).sum();
    return Math.exp(-t * t / 2.0) / sum;
  }
}
