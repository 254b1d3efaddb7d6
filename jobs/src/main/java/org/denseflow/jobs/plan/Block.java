package org.denseflow.jobs.plan;

import java.io.Serializable;

/**
 * Targets of one category whose pairs are cut into tiles together.
 *
 * @param number its place among all blocks
 * @param pairs of all blocks before it
 * @param tiles that the blocks before it have at most
 */
record Block(long number, long pairs, long tiles) implements Serializable {

  /** The block after this one, which has so many pairs. */
  Block next(long ownPairs, PlanParameters parameters) {
    return new Block(number + 1, pairs + ownPairs, tiles + (ownPairs - 1) / parameters.step() + 1);
  }
}
