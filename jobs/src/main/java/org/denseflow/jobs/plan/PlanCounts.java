package org.denseflow.jobs.plan;

import java.util.List;

/**
 * What a driver knows of a plan.
 *
 * @param chunks all of them, in order
 * @param images distinct ones
 */
public record PlanCounts(List<PlannedChunk> chunks, long images) {

  /** Pairs in all. */
  public long pairs() {
    return chunks.stream().mapToLong(PlannedChunk::pairs).sum();
  }

  /** Tiles in all. */
  public long tiles() {
    return chunks.stream().mapToLong(PlannedChunk::tiles).sum();
  }

  /** Images described: each tile describes each of its images once. */
  public long described() {
    return chunks.stream().mapToLong(PlannedChunk::described).sum();
  }

  /** The most images whose features one task holds: a tile's targets and a source. */
  public int mostHeld() {
    return chunks.stream().mapToInt(chunk -> chunk.targets() + 1).max().orElse(0);
  }
}
