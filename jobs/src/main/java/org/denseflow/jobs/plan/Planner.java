package org.denseflow.jobs.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts a pair list into tiles, category by category, and tiles into chunks. A pure function of the
 * set of pairs and the parameters; {@link PlanQuery} gives the same plan of lists that no single
 * process should hold, and this one is for lists that are done before Spark has compiled a query.
 *
 * <p>A tile is a block of targets, whose features a task holds, and sources that come to them one
 * after the other: describing it takes its distinct images, and memory for its targets and one
 * source. Targets are blocked in the order of their names, so that what is near in a folder stays
 * near, but those with far more pairs than the mean come first, the largest first: together they
 * see nearly all sources anyway (our choice).
 */
final class Planner {
  /** A target with more pairs than this many times the mean is a hub. */
  static final int HUB = 8;

  private final PlanParameters parameters;

  Planner(PlanParameters parameters) {
    this.parameters = parameters;
  }

  private record Target(String category, String image) {}

  /** The tiles in order; the same pairs and parameters always give the same. */
  List<Tile> plan(List<PlannedPair> pairs) {
    Map<Target, Long> degrees = new HashMap<>();
    pairs.forEach(pair -> degrees.merge(target(pair), 1L, Long::sum));
    Map<Target, Block> blocks = blocks(degrees, HUB * (double) pairs.size() / degrees.size());
    List<TileCutter.Placed> placed = new ArrayList<>();
    pairs.forEach(pair -> placed.add(new TileCutter.Placed(blocks.get(target(pair)), pair)));
    placed.sort(
        Comparator.<TileCutter.Placed>comparingLong(own -> own.block().number())
            .thenComparing(own -> own.pair().source(), Utf8Order.INSTANCE)
            .thenComparing(own -> own.pair().target(), Utf8Order.INSTANCE)
            .thenComparing(own -> own.pair().pairId(), Utf8Order.INSTANCE));
    List<Tile> tiles = new ArrayList<>();
    new TileCutter(placed.iterator(), parameters).forEachRemaining(tiles::add);
    return tiles;
  }

  private Map<Target, Block> blocks(Map<Target, Long> degrees, double hub) {
    List<Map.Entry<Target, Long>> ranked = new ArrayList<>(degrees.entrySet());
    ranked.sort(
        Comparator.<Map.Entry<Target, Long>, String>comparing(
                own -> own.getKey().category(), Utf8Order.INSTANCE)
            .thenComparingLong(own -> own.getValue() > hub ? -own.getValue() : 0)
            .thenComparing(own -> own.getKey().image(), Utf8Order.INSTANCE));
    Map<Target, Block> blocks = new HashMap<>();
    Block block = new Block(0, 0, 0);

    for (int from = 0; from < ranked.size(); ) {
      String category = ranked.get(from).getKey().category();
      long own = 0;
      int to = from;

      while (to < ranked.size()
          && to - from < parameters.tileImages()
          && ranked.get(to).getKey().category().equals(category)) {
        blocks.put(ranked.get(to).getKey(), block);
        own += ranked.get(to++).getValue();
      }

      block = block.next(own, parameters);
      from = to;
    }

    return blocks;
  }

  private static Target target(PlannedPair pair) {
    return new Target(pair.category(), pair.target());
  }
}
