package org.denseflow.jobs.plan;

/**
 * How a pair list is cut.
 *
 * @param tileImages a tile has at most this many sources and this many targets
 * @param chunkPairs a chunk takes whole tiles up to about this many pairs
 */
public record PlanParameters(int tileImages, int chunkPairs) {

  /** Checks that both are positive. */
  public PlanParameters {
    if (tileImages <= 0 || chunkPairs <= 0) {
      throw new IllegalArgumentException(
          "tile-images and chunk-pairs must be positive, found %d and %d"
              .formatted(tileImages, chunkPairs));
    }
  }
}
