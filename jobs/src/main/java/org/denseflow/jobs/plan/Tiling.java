package org.denseflow.jobs.plan;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A pair list as numbers, cut into tiles. A tile is a block of targets, whose features a task
 * holds, and sources that come to them one after the other: describing it takes its distinct
 * images, and memory for its targets and one source. Needs 16 bytes a pair.
 *
 * <p>Targets are blocked in the order of their numbers, so that what is near in the list stays
 * near, but those with far more pairs than the mean come first, the largest first: together they
 * see nearly all sources anyway (our choice).
 */
public final class Tiling {
  /** A target with more pairs than this many times the mean is a hub. */
  private static final int HUB = 8;

  private final int[] sources;
  private final int[] targets;
  private final int[] order;
  private final int[] ends;

  private Tiling(int[] sources, int[] targets, int[] order, int[] ends) {
    this.sources = sources;
    this.targets = targets;
    this.order = order;
    this.ends = ends;
  }

  /**
   * Cuts a list; the same list and parameters always give the same tiles.
   *
   * @param sources the source of each pair, a number below that of images
   * @param targets the target of each pair
   * @param groups the group of each image, of the same for both images of a pair; no tile has pairs
   *     of two groups
   */
  public static Tiling of(int[] sources, int[] targets, int[] groups, PlanParameters parameters) {
    int[] degrees = new int[groups.length];

    for (int target : targets) {
      degrees[target]++;
    }

    int[] blocks = blocks(degrees, groups, parameters.tileImages());
    int[] bySource = sorted(IntStream.range(0, sources.length).toArray(), sources, null);
    int[] order = sorted(bySource, targets, blocks);
    return new Tiling(
        sources, targets, order, ends(order, sources, targets, blocks, parameters.tilePairs()));
  }

  /** Tiles in all. */
  public int tiles() {
    return ends.length;
  }

  /** The pairs of a tile, by their places in the list, sorted by source. */
  public IntStream pairs(int tile) {
    return Arrays.stream(order, start(tile), ends[tile]);
  }

  /** Distinct images of a tile, summed over all tiles. */
  public long described() {
    int[] seen = new int[1 + max(sources, targets)];
    long described = 0;

    for (int tile = 0; tile < ends.length; tile++) {
      for (int i = start(tile); i < ends[tile]; i++) {
        described += mark(seen, sources[order[i]], tile) + mark(seen, targets[order[i]], tile);
      }
    }

    return described;
  }

  private int start(int tile) {
    return tile == 0 ? 0 : ends[tile - 1];
  }

  private static int mark(int[] seen, int image, int tile) {
    int fresh = seen[image] == tile + 1 ? 0 : 1;
    seen[image] = tile + 1;
    return fresh;
  }

  private static int max(int[] a, int[] b) {
    return Math.max(Arrays.stream(a).max().orElse(0), Arrays.stream(b).max().orElse(0));
  }

  /** The block of each image that is a target. */
  private static int[] blocks(int[] degrees, int[] groups, int side) {
    long pairs = Arrays.stream(degrees).asLongStream().sum();
    long used = Arrays.stream(degrees).filter(degree -> degree > 0).count();
    double hub = HUB * (double) pairs / Math.max(1, used);
    int[] ranked =
        IntStream.range(0, degrees.length)
            .filter(image -> degrees[image] > 0)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(image -> groups[image])
                    .thenComparingInt(image -> degrees[image] > hub ? -degrees[image] : 0))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] blocks = new int[degrees.length];
    int block = -1;
    int inBlock = side;

    for (int i = 0; i < ranked.length; i++) {
      if (inBlock == side || groups[ranked[i]] != groups[ranked[i - 1]]) {
        block++;
        inBlock = 0;
      }

      blocks[ranked[i]] = block;
      inBlock++;
    }

    return blocks;
  }

  /**
   * Places sorted by the key of their image, equal ones in the order given.
   *
   * @param keys of each image; the image itself, if null
   */
  private static int[] sorted(int[] places, int[] images, int[] keys) {
    int[] starts = new int[(keys == null ? max(images, images) : max(keys, keys)) + 2];

    for (int image : images) {
      starts[1 + (keys == null ? image : keys[image])]++;
    }

    Arrays.parallelPrefix(starts, Integer::sum);
    int[] sorted = new int[places.length];

    for (int place : places) {
      int image = images[place];
      sorted[starts[keys == null ? image : keys[image]]++] = place;
    }

    return sorted;
  }

  /** Where tiles end: at the end of a block, or before the source with which it gets too large. */
  private static int[] ends(int[] order, int[] sources, int[] targets, int[] blocks, int most) {
    IntStream.Builder ends = IntStream.builder();
    int start = 0;

    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      boolean sameBlock = same(order, targets, blocks, from, to);

      while (sameBlock && sources[order[to]] == sources[order[from]] && to - from < most) {
        to++;
        sameBlock = same(order, targets, blocks, from, to);
      }

      if (from > start && to - start > most) {
        ends.add(from);
        start = from;
      }

      if (!sameBlock) {
        ends.add(to);
        start = to;
      }

      from = to;
    }

    return ends.build().toArray();
  }

  private static boolean same(int[] order, int[] targets, int[] blocks, int a, int b) {
    return b < order.length && blocks[targets[order[a]]] == blocks[targets[order[b]]];
  }
}
