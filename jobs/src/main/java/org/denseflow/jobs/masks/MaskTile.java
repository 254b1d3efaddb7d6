package org.denseflow.jobs.masks;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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

  /** The tile with some of its targets. */
  MaskTile withTargets(List<MaskImage> some) {
    return new MaskTile(chunk, id, category, exemplars, some);
  }

  /** Pairs of a target with another image as exemplar. */
  long pairs() {
    return evaluated(Integer.MAX_VALUE);
  }

  /** Pairs that are matched, where each target has a shortlist of exemplars. */
  long evaluated(int shortlist) {
    Set<String> uris = exemplars.stream().map(MaskImage::uri).collect(Collectors.toSet());
    long themselves = targets.stream().filter(target -> uris.contains(target.uri())).count();
    // an image is no exemplar of itself
    return themselves * Math.min(shortlist, exemplars.size() - 1)
        + (targets.size() - themselves) * Math.min(shortlist, exemplars.size());
  }
}
