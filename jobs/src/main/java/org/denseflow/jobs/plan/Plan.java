package org.denseflow.jobs.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All tiles of a run in order. A pure function of the pair list and its parameters. */
public record Plan(List<Tile> tiles) {

  /** Pairs in all. */
  public long pairs() {
    return tiles.stream().mapToLong(tile -> tile.pairs().size()).sum();
  }

  /** Chunks in all. */
  public int chunks() {
    return tiles.isEmpty() ? 0 : tiles.get(tiles.size() - 1).chunk() + 1;
  }

  /** The tiles of one chunk. */
  public List<Tile> chunk(int chunk) {
    return tiles.stream().filter(tile -> tile.chunk() == chunk).toList();
  }

  /** Distinct images. */
  public long images() {
    Set<String> images = new HashSet<>();
    tiles.forEach(tile -> images.addAll(tile.images()));
    return images.size();
  }

  /** Images described: each tile describes each of its images once. */
  public long described() {
    return tiles.stream().mapToLong(tile -> tile.images().size()).sum();
  }

  /** The most images whose features one task holds: a tile's targets and a source. */
  public int mostHeld() {
    return tiles.stream().mapToInt(tile -> tile.targets().size() + 1).max().orElse(0);
  }
}
