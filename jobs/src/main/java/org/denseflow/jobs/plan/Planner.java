package org.denseflow.jobs.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.jobs.dataset.ImagePair;

/**
 * Cuts a pair list into tiles, category by category, and tiles into chunks. Images are numbered by
 * first appearance; {@link Tiling} does the rest.
 */
public final class Planner {
  private final PlanParameters parameters;

  /** Makes a planner. */
  public Planner(PlanParameters parameters) {
    this.parameters = parameters;
  }

  private record Category(int number, Map<String, Integer> images) {}

  /** Plans; the same list and parameters always give the same plan. */
  public Plan plan(List<ImagePair> pairs) {
    Map<String, Category> categories = new HashMap<>();
    List<Integer> groups = new ArrayList<>();
    int[] sources = new int[pairs.size()];
    int[] targets = new int[pairs.size()];

    for (int i = 0; i < sources.length; i++) {
      ImagePair pair = pairs.get(i);
      int known = categories.size();
      Category category =
          categories.computeIfAbsent(pair.category(), name -> new Category(known, new HashMap<>()));
      sources[i] = number(category, pair.source(), groups);
      targets[i] = number(category, pair.target(), groups);
    }

    int[] groupOf = groups.stream().mapToInt(Integer::intValue).toArray();
    return chunks(pairs, Tiling.of(sources, targets, groupOf, parameters));
  }

  private static int number(Category category, String image, List<Integer> groups) {
    Integer number = category.images().putIfAbsent(image, groups.size());

    if (number == null) {
      groups.add(category.number());
      return groups.size() - 1;
    }

    return number;
  }

  private Plan chunks(List<ImagePair> pairs, Tiling tiling) {
    List<Tile> tiles = new ArrayList<>();
    int chunk = 0;
    int inChunk = 0;

    for (int t = 0; t < tiling.tiles(); t++) {
      List<PlannedPair> tile =
          tiling
              .pairs(t)
              .mapToObj(pairs::get)
              .map(p -> new PlannedPair(p.pairId(), p.source(), p.target(), p.category()))
              .toList();

      if (inChunk > 0 && inChunk + tile.size() > parameters.chunkPairs()) {
        chunk++;
        inChunk = 0;
      }

      tiles.add(new Tile(chunk, t, tile));
      inChunk += tile.size();
    }

    return new Plan(List.copyOf(tiles));
  }
}
