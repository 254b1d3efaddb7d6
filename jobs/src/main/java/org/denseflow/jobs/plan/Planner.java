package org.denseflow.jobs.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.jobs.dataset.ImagePair;

/**
 * Cuts a pair list into tiles: category by category, images numbered by first appearance, blocks of
 * sources by blocks of targets. A list without categories is one category, so that its tiles are a
 * 2-D partition of the edges.
 */
public final class Planner {
  private final PlanParameters parameters;

  /** Makes a planner. */
  public Planner(PlanParameters parameters) {
    this.parameters = parameters;
  }

  /** Plans; the same list and parameters always give the same plan. */
  public Plan plan(List<ImagePair> pairs) {
    Map<String, List<ImagePair>> categories = new LinkedHashMap<>();

    for (ImagePair pair : pairs) {
      categories.computeIfAbsent(pair.category(), c -> new ArrayList<>()).add(pair);
    }

    List<Tile> tiles = new ArrayList<>();
    int chunk = 0;
    int inChunk = 0;

    for (List<ImagePair> category : categories.values()) {
      for (List<PlannedPair> tile : blocks(category)) {
        if (inChunk > 0 && inChunk + tile.size() > parameters.chunkPairs()) {
          chunk++;
          inChunk = 0;
        }

        tiles.add(new Tile(chunk, tiles.size(), tile));
        inChunk += tile.size();
      }
    }

    return new Plan(List.copyOf(tiles));
  }

  private List<List<PlannedPair>> blocks(List<ImagePair> pairs) {
    Map<String, Integer> numbers = new HashMap<>();

    for (ImagePair pair : pairs) {
      numbers.putIfAbsent(pair.source(), numbers.size());
      numbers.putIfAbsent(pair.target(), numbers.size());
    }

    int side = parameters.tileImages();
    Map<Long, List<ImagePair>> blocks = new TreeMap<>();

    for (ImagePair pair : pairs) {
      long sourceBlock = numbers.get(pair.source()) / side;
      long targetBlock = numbers.get(pair.target()) / side;
      blocks.computeIfAbsent(sourceBlock << 32 | targetBlock, block -> new ArrayList<>()).add(pair);
    }

    List<List<PlannedPair>> tiles = new ArrayList<>();

    for (List<ImagePair> block : blocks.values()) {
      block.sort((a, b) -> Integer.compare(numbers.get(a.source()), numbers.get(b.source())));
      tiles.add(
          block.stream()
              .map(p -> new PlannedPair(p.pairId(), p.source(), p.target(), p.category()))
              .toList());
    }

    return tiles;
  }
}
