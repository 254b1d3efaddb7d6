package org.denseflow.jobs.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.denseflow.jobs.dataset.DirectedPair;
import org.denseflow.jobs.dataset.ImagePair;

/**
 * Which rows of a run hold the flow that a protocol reads of each pair, by pair id: the pair's own
 * row; or, for a flow that is read backwards, that of a listed pair of the same images the other
 * way round, else that of the swapped pair.
 */
final class FlowRows implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Map<String, List<Wanted>> wanted = new HashMap<>();

  /**
   * A pair that a row is wanted for.
   *
   * @param rank 0 for the row that serves best
   */
  record Wanted(ImagePair pair, int rank) implements Serializable {}

  /** Finds the rows of listed pairs. */
  static FlowRows of(List<ImagePair> pairs, boolean swapped) {
    FlowRows rows = new FlowRows();

    if (swapped) {
      rows.addSwapped(pairs);
    } else {
      pairs.forEach(pair -> rows.add(pair.pairId(), pair, 0));
    }

    return rows;
  }

  /** The pairs that a row serves. */
  List<Wanted> of(String rowId) {
    return wanted.getOrDefault(rowId, List.of());
  }

  private void addSwapped(List<ImagePair> pairs) {
    Map<DirectedPair, List<String>> listed = new HashMap<>();

    for (ImagePair pair : pairs) {
      listed.computeIfAbsent(DirectedPair.of(pair), d -> new ArrayList<>()).add(pair.pairId());
    }

    for (ImagePair pair : pairs) {
      DirectedPair direction = DirectedPair.of(pair);
      Set<String> candidates =
          new LinkedHashSet<>(listed.getOrDefault(direction.swapped(), List.of()));
      listed.get(direction).forEach(id -> candidates.add(id + ImagePair.SWAPPED));
      int rank = 0;

      for (String id : candidates) {
        add(id, pair, rank++);
      }
    }
  }

  private void add(String rowId, ImagePair pair, int rank) {
    wanted.computeIfAbsent(rowId, id -> new ArrayList<>(1)).add(new Wanted(pair, rank));
  }
}
