package org.denseflow.jobs.plan;

import java.io.Serializable;

/**
 * How a pair list is cut into tiles and chunks.
 *
 * @param tileImages a tile has at most this many target images, whose features its task holds
 * @param tilePairs a tile has at most this many pairs
 * @param chunkPairs a chunk takes whole tiles up to about this many pairs
 * @param chunkBytes and up to about this many bytes of rows
 */
public record PlanParameters(int tileImages, int tilePairs, int chunkPairs, long chunkBytes)
    implements Serializable {

  /** Checks that all are positive. */
  public PlanParameters {
    if (tileImages <= 0 || tilePairs <= 0 || chunkPairs <= 0 || chunkBytes <= 0) {
      throw new IllegalArgumentException(
          "tile-images, tile-pairs, chunk-pairs and chunk-bytes must be positive, found %d, %d, %d and %d"
              .formatted(tileImages, tilePairs, chunkPairs, chunkBytes));
    }
  }

  /**
   * With chunks that have at most the bytes asked for, and tiles that are no larger than a chunk,
   * so that no chunk is empty.
   */
  public PlanParameters ofRows(long bytesPerPair) {
    int chunk = (int) Math.min(chunkPairs, Math.max(1, chunkBytes / bytesPerPair));
    return new PlanParameters(tileImages, Math.min(tilePairs, chunk), chunk, chunkBytes);
  }

  /**
   * Pairs of one source that stay together: as many as a tile has targets, but a quarter of its
   * pairs, so that tiles become nearly full.
   */
  int sourcePairs() {
    return Math.min(tileImages, (tilePairs + 3) / 4);
  }

  /**
   * Pairs from the beginning of a tile to the beginning of the next: a tile ends with the pairs of
   * the source that reaches this, and never has more than {@link #tilePairs}.
   */
  int step() {
    return tilePairs - sourcePairs() + 1;
  }
}
