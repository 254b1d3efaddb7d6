package org.denseflow.jobs.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.denseflow.jobs.dataset.ImagePair;

/**
 * A pair as plans have it, without its annotation.
 *
 * @param mask URI of the source's mask, where a job needs it; else ""
 */
public record PlannedPair(String pairId, String source, String target, String category, String mask)
    implements Serializable {

  /** A pair of a dataset, with the source's mask if a job needs masks. */
  public static PlannedPair of(ImagePair pair, boolean masked) {
    String mask = masked ? pair.annotation().source().maskUri().orElse("") : "";
    return new PlannedPair(pair.pairId(), pair.source(), pair.target(), pair.category(), mask);
  }

  /** The files that it needs. */
  public List<String> files() {
    List<String> files = new ArrayList<>(List.of(source, target));

    if (!mask.isEmpty()) {
      files.add(mask);
    }

    return files;
  }

  /** Whether it is no pair of its list, but one of its pairs the other way round. */
  public boolean isSwapped() {
    return pairId.endsWith(ImagePair.SWAPPED);
  }
}
