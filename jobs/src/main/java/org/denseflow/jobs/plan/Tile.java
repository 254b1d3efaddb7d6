package org.denseflow.jobs.plan;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Pairs that one task computes, describing each image once.
 *
 * @param chunk the chunk it is committed with
 * @param id its number in the plan
 * @param pairs sorted by source
 */
public record Tile(int chunk, int id, List<PlannedPair> pairs) implements Serializable {

  /** The distinct images, sources first. */
  public Set<String> images() {
    Set<String> images = new LinkedHashSet<>();
    pairs.forEach(pair -> images.add(pair.source()));
    pairs.forEach(pair -> images.add(pair.target()));
    return images;
  }
}
