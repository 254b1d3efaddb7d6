package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.denseflow.proposals.RegionBox;
import org.junit.jupiter.api.Test;

/**
 * Local offsets of random regions against their definition, region by region; the algorithm ends
 * near the median.
 */
class LocalOffsetMatchingTest {
  private static final LocalOffsetParameters PARAMETERS = new LocalOffsetParameters(3, 0.5, 0.4);
  private static final int SOURCES = 60;
  private static final int TARGETS = 45;

  private final Random random = new Random(5);
  private final List<RegionBox> source = boxes(SOURCES);
  private final List<RegionBox> target = boxes(TARGETS);

  private List<RegionBox> boxes(int count) {
    List<RegionBox> boxes = new ArrayList<>();

    for (int i = 0; i < count; i++) {
      double x = 0.5 * random.nextDouble();
      double y = 0.5 * random.nextDouble();
      double width = 0.1 + 0.4 * random.nextDouble();
      boxes.add(new RegionBox(x, y, x + width, y + 0.1 + 0.4 * random.nextDouble()));
    }

    return boxes;
  }

  @Test
  void scoresAreThoseOfTheDefinition() {
    float[] similarity = new float[SOURCES * TARGETS];
    float[] score = new float[SOURCES * TARGETS];

    for (int m = 0; m < score.length; m++) {
      similarity[m] = Math.max(0, random.nextFloat() - 0.3f);
      score[m] = Math.max(0, random.nextFloat() - 0.1f);
    }

    // A region that nothing is like says nothing of the others.
    Arrays.fill(score, 0, TARGETS, 0);
    float[] first = score.clone();
    new LocalOffsetMatching(PARAMETERS).score(source, target, similarity, score);

    for (int i = 0; i < SOURCES; i++) {
      double[] seen = seen(i, first);
      double best = 0;

      for (int j = 0; j < TARGETS; j++) {
        RegionBox box = target.get(j);
        double distance = Math.hypot(box.centerX() - seen[0], box.centerY() - seen[1]);
        double scale = Math.abs(octave(box) - seen[2]);
        double expected = similarity[i * TARGETS + j] * Math.exp(-3 * distance - 0.5 * scale);
        double found = score[i * TARGETS + j];
        best = Math.max(best, expected);

        if (found > 0) {
          assertThat(found).isCloseTo(expected, within(5e-3));
        }
      }

      assertThat((double) largest(score, i)).isCloseTo(best, within(5e-3));
    }
  }

  private static float largest(float[] score, int region) {
    float largest = 0;

    for (int j = 0; j < TARGETS; j++) {
      largest = Math.max(largest, score[region * TARGETS + j]);
    }

    return largest;
  }

  /** Where the neighbours of a region see it: near the point with the least sum of distances. */
  private double[] seen(int i, float[] score) {
    List<double[]> guesses = new ArrayList<>();

    for (int k = 0; k < SOURCES; k++) {
      RegionBox own = source.get(i);
      RegionBox other = source.get(k);
      int best = 0;

      for (int j = 1; j < TARGETS; j++) {
        best = score[k * TARGETS + j] > score[k * TARGETS + best] ? j : best;
      }

      float weight = score[k * TARGETS + best];
      double smaller = Math.min(own.area(), other.area());

      if (weight > 0 && own.intersection(other) > 0.4 * smaller) {
        RegionBox matched = target.get(best);
        double scale = Math.sqrt(matched.area() / other.area());
        guesses.add(
            new double[] {
              matched.centerX() + scale * (own.centerX() - other.centerX()),
              matched.centerY() + scale * (own.centerY() - other.centerY()),
              octave(own) + Math.log(scale) / Math.log(2),
              weight
            });
      }
    }

    return leastSum(guesses);
  }

  /** By twenty steps of Weiszfeld's algorithm from the weighted mean. */
  private static double[] leastSum(List<double[]> guesses) {
    double[] at = new double[3];

    for (int step = 0; step <= 20; step++) {
      double[] next = new double[4];

      for (double[] guess : guesses) {
        double dx = guess[0] - at[0];
        double dy = guess[1] - at[1];
        double ds = 0.2 * (guess[2] - at[2]);
        double distance = Math.sqrt(dx * dx + dy * dy + ds * ds + 1e-8);
        double weight = step == 0 ? guess[3] : guess[3] / distance;

        for (int axis = 0; axis < 3; axis++) {
          next[axis] += weight * guess[axis];
        }

        next[3] += weight;
      }

      at = new double[] {next[0] / next[3], next[1] / next[3], next[2] / next[3]};
    }

    return at;
  }

  private static double octave(RegionBox box) {
    return Math.log(box.area()) / Math.log(2) / 2;
  }
}
