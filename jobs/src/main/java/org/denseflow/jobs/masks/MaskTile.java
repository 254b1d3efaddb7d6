package org.denseflow.jobs.masks;

import java.io.Serializable;
import java.util.List;

/**
 * What one task computes: some targets of a class from all its exemplars.
 *
 * @param chunk the chunk it is committed with
 * @param id its number in the plan
 * @param category the class
 * @param exemplars all of the class
 * @param targets a block of the class
 */
record MaskTile(
    int chunk, int id, String category, List<MaskImage> exemplars, List<MaskImage> targets)
    implements Serializable {

  /** Pairs of a target with another image as exemplar. */
  long pairs() {
    return targets.stream().mapToLong(this::candidates).sum();
  }

  /** Pairs that are left to match where each target has a shortlist of so many. */
  long evaluated(int shortlist) {
    return targets.stream().mapToLong(t -> Math.min(shortlist, candidates(t))).sum();
  }

  /** An image is no exemplar of itself. */
  private long candidates(MaskImage target) {
    boolean self = exemplars.stream().anyMatch(e -> e.uri().equals(target.uri()));
    return exemplars.size() - (self ? 1 : 0);
  }
}
