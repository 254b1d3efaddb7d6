package org.denseflow.jobs.plan;

import java.util.Arrays;
import org.apache.spark.Partitioner;

/** Tiles that follow one another, divided into parts of about the same cost. */
final class Split extends Partitioner {
  private static final long serialVersionUID = 1L;

  /** Describing an image costs about as much as matching so many pairs; our choice. */
  private static final int PAIRS_PER_IMAGE = 8;

  private final int parts;
  private final int[] ids;
  private final int[] partOf;

  /**
   * Divides tiles.
   *
   * @param ids of the tiles, ascending
   * @param costs of each
   * @param most parts
   */
  Split(int[] ids, long[] costs, int most) {
    this.parts = Math.max(1, Math.min(most, ids.length));
    this.ids = ids;
    this.partOf = new int[ids.length];
    double all = Arrays.stream(costs).sum();
    double before = 0;

    for (int i = 0; i < ids.length; i++) {
      partOf[i] = (int) Math.min(parts - 1, (before + costs[i] / 2.0) / all * parts);
      before += costs[i];
    }
  }

  static long cost(long pairs, long images) {
    return pairs + PAIRS_PER_IMAGE * images;
  }

  @Override
  public int numPartitions() {
    return parts;
  }

  @Override
  public int getPartition(Object tile) {
    return partOf[Arrays.binarySearch(ids, (Integer) tile)];
  }
}
