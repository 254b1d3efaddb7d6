package org.denseflow.jobs.plan;

/**
 * How a pair list is cut into tiles and chunks.
 *
 * @param tileImages a tile has at most this many target images, whose features its task holds
 * @param tilePairs a tile has at most this many pairs
 * @param chunkPairs a chunk takes whole tiles up to about this many pairs
 */
public record PlanParameters(int tileImages, int tilePairs, int chunkPairs) {

  /** Checks that all are positive. */
  public PlanParameters {
    if (tileImages <= 0 || tilePairs <= 0 || chunkPairs <= 0) {
      throw new IllegalArgumentException(
          "tile-images, tile-pairs and chunk-pairs must be positive, found %d, %d and %d"
              .formatted(tileImages, tilePairs, chunkPairs));
    }
  }
}
