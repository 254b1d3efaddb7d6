package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.denseflow.matcher.proposals.OffsetParameters.Reference;
import org.denseflow.matcher.proposals.VotingParameters.Ballot;
import org.denseflow.proposals.RegionBox;
import org.denseflow.proposals.RegionMatch;
import org.junit.jupiter.api.Test;

/** Regions on a grid, all moved by the same; similarities that mislead for some of them. */
class RegionMatchingTest {
  private static final double MOVE = 0.13;
  private static final double STEP = 0.04;
  private static final int SIDE = 8;

  private final List<RegionBox> source = grid(0.1);
  private final List<RegionBox> target = grid(0.1 + MOVE);
  private final float[] cosine = cosine();

  private static List<RegionBox> grid(double from) {
    List<RegionBox> boxes = new ArrayList<>();

    for (int i = 0; i < SIDE * SIDE; i++) {
      double x = from + i % SIDE * STEP;
      double y = from + i / SIDE * STEP;
      boxes.add(new RegionBox(x, y, x + 0.2, y + 0.2));
    }

    return boxes;
  }

  /** The true match has 0.5; another one, at random, 0.6 for every third region. */
  private static float[] cosine() {
    Random random = new Random(9);
    int n = SIDE * SIDE;
    float[] cosine = new float[n * n];
    Arrays.fill(cosine, -0.2f);

    for (int i = 0; i < n; i++) {
      cosine[i * n + i] = 0.5f;

      if (i % 3 == 0) {
        cosine[i * n + (i + 1 + random.nextInt(n - 1)) % n] = 0.6f;
      }
    }

    return cosine;
  }

  private static Optional<VotingParameters> voting() {
    OffsetParameters offsets = new OffsetParameters(Reference.REGION, 0.05, 0.5, 4, 2);
    return Optional.of(new VotingParameters(offsets, 0, 0.01, Ballot.EVERY_MATCH, 1));
  }

  private int correct(Optional<VotingParameters> voting, Optional<LocalOffsetParameters> local) {
    List<RegionMatch> matches =
        new RegionMatching(voting, local).match(source, target, cosine, cosine);
    int correct = 0;

    for (int i = 0; i < matches.size(); i++) {
      assertThat(matches.get(i).source()).isEqualTo(source.get(i));
      assertThat(matches.get(i).similarity()).isBetween(0.5, 0.61);
      correct += matches.get(i).target().equals(target.get(i)) ? 1 : 0;
    }

    return correct;
  }

  @Test
  void appearanceAloneIsMisledAndGeometryIsNot() {
    Optional<LocalOffsetParameters> local = Optional.of(new LocalOffsetParameters(16, 1, 0.3));
    int misled = (SIDE * SIDE + 2) / 3;
    assertThat(correct(Optional.empty(), Optional.empty())).isEqualTo(SIDE * SIDE - misled);
    assertThat(correct(voting(), Optional.empty())).isEqualTo(SIDE * SIDE);
    assertThat(correct(Optional.empty(), local)).isEqualTo(SIDE * SIDE);
    assertThat(correct(voting(), local)).isEqualTo(SIDE * SIDE);
  }

  /** All neighbours agree on the offset, so that the median is it, and scores are known. */
  @Test
  void localScoresFallOffWithTheDistance() {
    int n = SIDE * SIDE;
    float[] truth = new float[n * n];
    float[] similarity = new float[n * n];
    Arrays.fill(similarity, 0.25f);

    for (int i = 0; i < n; i++) {
      truth[i * n + i] = 1;
    }

    new LocalOffsetMatching(new LocalOffsetParameters(3, 1, 0.3))
        .score(source, target, similarity, truth);

    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double distance = STEP * Math.hypot(i % SIDE - j % SIDE, i / SIDE - j / SIDE);

        if (i == j || truth[i * n + j] > 0) {
          assertThat(truth[i * n + j])
              .isCloseTo((float) (0.25 * Math.exp(-3 * distance)), within(1e-4f));
        }
      }
    }
  }
}
