package org.denseflow.jobs.compare;

import java.util.Arrays;
import java.util.Objects;

/**
 * Adds up how two runs' rows differ, pair by pair. Flow differences are in grid cells: the larger
 * of |Δdx| · grid width and |Δdy| · grid height.
 */
final class RunComparison {

  /** One pair's row in one run; {@code flow} is {@code [gridHeight, gridWidth, 2]}, or null. */
  record Side(String status, int gridWidth, int gridHeight, float[] flow) {}

  private long pairs;
  private long identical;
  private long onlyLeft;
  private long onlyRight;
  private long statusDiffers;
  private long twice;
  private double largest;
  private String worstPair = "";

  /** Takes one pair; a side is null where that run has no row for it. */
  void add(String pairId, Side left, Side right) {
    pairs++;

    if (right == null) {
      onlyLeft++;
      worstPair = pairId;
    } else if (left == null) {
      onlyRight++;
      worstPair = pairId;
    } else if (!sameOutcome(left, right)) {
      statusDiffers++;
      worstPair = pairId;
    } else if (Arrays.equals(left.flow(), right.flow())) {
      identical++;
    } else {
      double difference = cells(left, right);

      if (!(difference <= largest)) {
        largest = difference;
        worstPair = pairId;
      }
    }
  }

  /** Takes a number of pairs that have more than one row in a run. */
  void addTwice(long pairs) {
    twice += pairs;
  }

  /**
   * Whether both runs have the same pairs, each once, and statuses, and no flow differs by more
   * than the tolerance.
   */
  boolean within(double toleranceCells) {
    return onlyLeft == 0
        && onlyRight == 0
        && statusDiffers == 0
        && twice == 0
        && largest <= toleranceCells;
  }

  String describe() {
    return "pairs %d, bit-identical %d, largest difference %.3g cell, missing %d, extra %d, twice %d, other status %d%s"
        .formatted(
            pairs,
            identical,
            largest,
            onlyLeft,
            onlyRight,
            twice,
            statusDiffers,
            worstPair.isEmpty() ? "" : " (worst: " + worstPair + ")");
  }

  private static boolean sameOutcome(Side left, Side right) {
    return Objects.equals(left.status(), right.status())
        && left.gridWidth() == right.gridWidth()
        && left.gridHeight() == right.gridHeight()
        && (left.flow() == null) == (right.flow() == null);
  }

  private static double cells(Side left, Side right) {
    if (left.flow().length != right.flow().length) {
      return Double.POSITIVE_INFINITY;
    }

    double worst = 0;

    for (int i = 0; i < left.flow().length; i++) {
      int side = i % 2 == 0 ? left.gridWidth() : left.gridHeight();
      double difference = Math.abs((double) left.flow()[i] - right.flow()[i]) * side;

      if (!(difference <= worst)) {
        worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
      }
    }

    return worst;
  }
}
