package org.denseflow.jobs.dataset;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A checked dataset.
 *
 * @param layout its layout's name, such as {@code pf-willow}
 * @param root URI of its folder or list
 * @param all its pairs in its own order, with unique ids, each followed by its swapped pair where
 *     one is asked for
 * @param notes what was left out, for people to read
 */
public record Dataset(String layout, String root, List<ImagePair> all, List<String> notes) {

  /** Without notes. */
  public Dataset(String layout, String root, List<ImagePair> all) {
    this(layout, root, all, List.of());
  }

  /**
   * Makes pair ids unique: the second pair of an id becomes {@code id#2}, the third {@code id#3}. A
   * pair that is listed twice counts twice.
   *
   * @throws DatasetException if there is no pair
   */
  public Dataset {
    if (all.isEmpty()) {
      throw new DatasetException(
          "Cannot use %s:%s: it has no pairs%s"
              .formatted(
                  layout, root, notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")"));
    }
    all = unique(all);
    notes = List.copyOf(notes);
  }

  /** The pairs that the dataset lists, without swapped ones. */
  public List<ImagePair> pairs() {
    return all.stream().filter(pair -> !pair.isSwapped()).toList();
  }

  /** The first listed pairs, each with its swapped pair where there is one. */
  public List<ImagePair> first(long count) {
    long listed = 0;
    int end = 0;

    while (end < all.size() && (all.get(end).isSwapped() || listed < count)) {
      listed += all.get(end).isSwapped() ? 0 : 1;
      end++;
    }
    return all.subList(0, end);
  }

  /** With the swapped pair of each pair, but of those whose swapped pair is listed. */
  Dataset withSwapped() {
    Set<DirectedPair> present = new HashSet<>();
    all.forEach(pair -> present.add(DirectedPair.of(pair)));
    List<ImagePair> both = new ArrayList<>();

    for (ImagePair pair : all) {
      both.add(pair);

      if (present.add(DirectedPair.of(pair).swapped())) {
        both.add(pair.swapped());
      }
    }
    return new Dataset(layout, root, both, notes);
  }

  private static List<ImagePair> unique(List<ImagePair> pairs) {
    Set<String> taken = new HashSet<>();
    pairs.forEach(pair -> taken.add(pair.pairId()));

    if (taken.size() == pairs.size()) {
      return List.copyOf(pairs);
    }
    Set<String> seen = new HashSet<>();
    List<ImagePair> renamed = new ArrayList<>(pairs.size());

    for (ImagePair pair : pairs) {
      String id = pair.pairId();

      if (!seen.add(id)) {
        int copy = 2;

        while (!taken.add(pair.pairId() + "#" + copy)) {
          copy++;
        }
        id = pair.pairId() + "#" + copy;
      }
      renamed.add(pair.withId(id));
    }
    return List.copyOf(renamed);
  }
}
