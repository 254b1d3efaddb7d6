package org.denseflow.jobs.plan;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Cuts the pairs of blocks into tiles, as they come: block after block, sorted by source within
 * each. All pairs of a source stay in one tile, up to as many as a tile has targets. Where a tile
 * begins follows from the number of pairs before it alone, so that blocks can be cut in any order,
 * on any machine.
 */
final class TileCutter implements Iterator<Tile> {

  /** A pair and its block. */
  record Placed(Block block, PlannedPair pair) {}

  private final Iterator<Placed> pairs;
  private final PlanParameters parameters;
  private Block block;
  private long inBlock;
  private Placed ahead;
  private List<PlannedPair> group;
  private long groupAt;

  TileCutter(Iterator<Placed> pairs, PlanParameters parameters) {
    this.pairs = pairs;
    this.parameters = parameters;
    this.ahead = pairs.hasNext() ? pairs.next() : null;
    readGroup();
  }

  @Override
  public boolean hasNext() {
    return group != null;
  }

  @Override
  public Tile next() {
    if (group == null) {
      throw new NoSuchElementException();
    }

    Block own = block;
    long place = groupAt / parameters.step();
    List<PlannedPair> tile = new ArrayList<>();

    do {
      tile.addAll(group);
      readGroup();
    } while (group != null
        && block.number() == own.number()
        && groupAt / parameters.step() == place);

    long chunk = (own.pairs() + place * parameters.step()) / parameters.chunkPairs();
    return new Tile(Math.toIntExact(chunk), Math.toIntExact(own.tiles() + place), tile);
  }

  /** Reads the pairs of the next source, or as many of them as may be in one tile. */
  private void readGroup() {
    if (ahead == null) {
      group = null;
      return;
    }

    if (block == null || block.number() != ahead.block().number()) {
      block = ahead.block();
      inBlock = 0;
    }

    group = new ArrayList<>();
    groupAt = inBlock;
    String source = ahead.pair().source();

    while (ahead != null
        && ahead.block().number() == block.number()
        && ahead.pair().source().equals(source)
        && group.size() < parameters.sourcePairs()) {
      group.add(ahead.pair());
      inBlock++;
      ahead = pairs.hasNext() ? pairs.next() : null;
    }
  }
}
