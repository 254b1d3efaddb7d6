package org.denseflow.jobs.plan;

import java.io.Serializable;

/**
 * A chunk of a plan: what the driver knows of it.
 *
 * @param number from 0, in the order of the plan
 * @param pairs that it has
 * @param tiles that they are cut into
 * @param described images, each once in each tile
 * @param targets of the tile that has most
 */
public record PlannedChunk(int number, long pairs, long tiles, long described, int targets)
    implements Serializable {

  /** With more tiles of the same chunk. */
  PlannedChunk plus(PlannedChunk other) {
    return new PlannedChunk(
        number,
        pairs + other.pairs,
        tiles + other.tiles,
        described + other.described,
        Math.max(targets, other.targets));
  }
}
