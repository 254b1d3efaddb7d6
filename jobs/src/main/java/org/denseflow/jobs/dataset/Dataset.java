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
 * @param pairs in the dataset's own order, with unique ids
 */
public record Dataset(String layout, String root, List<ImagePair> pairs) {

  /**
   * Makes pair ids unique: the second pair of an id becomes {@code id#2}, the third {@code id#3}.
   *
   * @throws DatasetException if there is no pair
   */
  public Dataset {
    if (pairs.isEmpty()) {
      throw new DatasetException("Cannot use %s:%s: it has no pairs".formatted(layout, root));
    }
    pairs = unique(pairs);
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
