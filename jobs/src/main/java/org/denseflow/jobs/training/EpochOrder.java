package org.denseflow.jobs.training;

import java.util.Random;

/**
 * The order in which a worker sees its pairs: the table's own in the first epoch, which is random
 * already, and a shuffle that depends on seed and epoch alone in each later one.
 */
final class EpochOrder {
  private final int size;
  private final long seed;
  private long epoch;
  private int[] shuffled;

  EpochOrder(int size, long seed) {
    this.size = size;
    this.seed = seed;
  }

  /** Which pair comes at a position, counted over all epochs. */
  int at(long position) {
    int within = (int) (position % size);

    if (position < size) {
      return within;
    }

    if (shuffled == null || epoch != position / size) {
      epoch = position / size;
      shuffled = shuffle(new Random(seed * 1_000_003 + epoch));
    }

    return shuffled[within];
  }

  private int[] shuffle(Random random) {
    int[] order = new int[size];

    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }

    return order;
  }
}
