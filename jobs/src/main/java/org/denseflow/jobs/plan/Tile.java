package org.denseflow.jobs.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pairs that one task computes, describing each image once: it holds the targets, and the sources
 * come one after the other.
 *
 * @param chunk the chunk it is committed with
 * @param id its number in the plan
 * @param pairs sorted by source
 */
public record Tile(int chunk, int id, List<PlannedPair> pairs) implements Serializable {

  /** The distinct targets. */
  public Set<String> targets() {
    Set<String> images = new LinkedHashSet<>();
    pairs.forEach(pair -> images.add(pair.target()));
    return images;
  }

  /** The distinct images in the order in which they are needed: targets first. */
  public Set<String> images() {
    Set<String> images = targets();
    pairs.forEach(pair -> images.add(pair.source()));
    return images;
  }

  /** The counts of this tile alone. */
  PlannedChunk alone() {
    return new PlannedChunk(chunk, pairs.size(), 1, images().size(), targets().size());
  }

  /** What computing it costs, in pairs. */
  long cost() {
    return Split.cost(pairs.size(), images().size());
  }

  /** With some of its pairs. */
  public Tile with(List<PlannedPair> some) {
    return new Tile(chunk, id, some);
  }

  /** With the number it has after so many chunks, and tiles with smaller numbers. */
  Tile after(int chunks, int tiles) {
    return new Tile(chunks + chunk, tiles + id, pairs);
  }

  /** The pairs of each source, source after source. */
  public Collection<List<PlannedPair>> bySource() {
    Map<String, List<PlannedPair>> sources = new LinkedHashMap<>();
    pairs.forEach(
        pair -> sources.computeIfAbsent(pair.source(), source -> new ArrayList<>()).add(pair));
    return sources.values();
  }
}
