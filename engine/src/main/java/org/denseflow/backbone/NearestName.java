package org.denseflow.backbone;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The known name that a mistyped one most likely means. */
public final class NearestName {
  private static final LevenshteinDistance EDITS = LevenshteinDistance.getDefaultInstance();

  private NearestName() {}

  /** The known name with the fewest edits; none where half of the letters would have to change. */
  public static Optional<String> to(String name, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(other -> EDITS.apply(name, other)))
        .filter(other -> 2 * EDITS.apply(name, other) <= name.length());
  }
}
