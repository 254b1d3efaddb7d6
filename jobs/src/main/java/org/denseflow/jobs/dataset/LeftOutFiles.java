package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The files that a dataset leaves out, by reason: how many, and the names of a few. */
public final class LeftOutFiles {
  private static final int NAMED = 3;

  private final Map<String, List<String>> names = new LinkedHashMap<>();

  /** Leaves out a file, for a reason that completes {@code left out: 2 (NAMES): REASON}. */
  public void add(String reason, String name) {
    names.computeIfAbsent(reason, r -> new ArrayList<>()).add(name);
  }

  /**
   * Leaves out a file for its kind; files that an operating system leaves behind are not counted.
   */
  public void add(ImageFiles.Kind kind, String name) {
    switch (kind) {
      case TO_CONVERT -> add("HEIC or AVIF, which cannot be read: convert to JPEG or PNG", name);
      case OTHER -> add("not an image by its ending", name);
      case MASK -> add("a mask that no image uses", name);
      case IMAGE, SYSTEM -> {}
    }
  }

  /** Tells what was left out, one note for each reason. */
  public void tell(Consumer<String> notes) {
    names.forEach((reason, own) -> note(own, reason).ifPresent(notes));
  }

  static Optional<String> note(List<String> names, String reason) {
    String few = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "left out: %d (%s%s): %s"
                .formatted(names.size(), few, names.size() > NAMED ? ", ..." : "", reason));
  }
}
