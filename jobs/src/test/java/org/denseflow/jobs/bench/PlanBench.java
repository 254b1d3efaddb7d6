package org.denseflow.jobs.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.denseflow.jobs.plan.PlanParameters;
import org.denseflow.jobs.plan.Tiling;

/**
 * Plans lists of 10^8 pairs over 10^6 images, as numbers alone: how long it takes beside sorting as
 * many numbers, and how often each image would be described.
 */
final class PlanBench {
  private static final int PAIRS = 100_000_000;
  private static final int IMAGES = 1_000_000;
  private static final int CATEGORY = 1_000;
  private static final int[] HELD = {32, 1024};
  private static final int TILE_PAIRS = 1024;

  private PlanBench() {}

  /** A list; a pair's images are of one category, if there are categories. */
  private record PairList(String name, int[] sources, int[] targets, int category) {}

  static List<BenchRow> rows() {
    List<BenchRow> rows = new ArrayList<>();
    double floor = sorting();
    rows.addAll(measure(uniform(), floor));
    rows.addAll(measure(categories(), floor));
    rows.addAll(measure(powerLaw(), floor));
    return rows;
  }

  private static double sorting() {
    Random random = new Random(0);
    int[] numbers = numbers(i -> random.nextInt());
    return Stopwatch.seconds(() -> Arrays.sort(numbers));
  }

  private static List<BenchRow> measure(PairList list, double floor) {
    List<BenchRow> rows = new ArrayList<>();
    int[] groups = new int[IMAGES];
    Arrays.setAll(groups, image -> image / list.category());

    for (int held : HELD) {
      PlanParameters parameters = new PlanParameters(held, TILE_PAIRS * held / HELD[0], PAIRS);
      long start = System.nanoTime();
      Tiling tiling = Tiling.of(list.sources(), list.targets(), groups, parameters);
      double seconds = (System.nanoTime() - start) / 1e9;
      String name =
          "plan %s, %d pairs, %d targets and %d pairs a tile"
              .formatted(list.name(), list.sources().length, held, parameters.tilePairs());
      rows.add(BenchRow.of(name + " (floor: sorting)", seconds, "s", floor));
      rows.add(
          BenchRow.of(
              name + ", an image is described (floor: once)",
              (double) tiling.described() / IMAGES,
              "x",
              1));
    }

    return rows;
  }

  private static PairList uniform() {
    Random random = new Random(1);
    return new PairList(
        "uniform",
        numbers(i -> random.nextInt(IMAGES)),
        numbers(i -> random.nextInt(IMAGES)),
        IMAGES);
  }

  private static PairList categories() {
    Random random = new Random(2);
    int[] sources = numbers(i -> random.nextInt(IMAGES));
    int[] targets = numbers(i -> sources[i] / CATEGORY * CATEGORY + random.nextInt(CATEGORY));
    return new PairList("1000 categories", sources, targets, CATEGORY);
  }

  /** Images by Zipf's law of exponent 1, each pair once. */
  private static PairList powerLaw() {
    Random random = new Random(3);
    long[] pairs = new long[PAIRS];
    Arrays.setAll(pairs, i -> (long) zipf(random) << 32 | zipf(random));
    Arrays.sort(pairs);
    int distinct = 0;

    for (int i = 0; i < pairs.length; i++) {
      if (i == 0 || pairs[i] != pairs[i - 1]) {
        pairs[distinct++] = pairs[i];
      }
    }

    int[] sources = new int[distinct];
    int[] targets = new int[distinct];
    Arrays.setAll(sources, i -> (int) (pairs[i] >> 32));
    Arrays.setAll(targets, i -> (int) pairs[i]);
    return new PairList("power law", sources, targets, IMAGES);
  }

  private static int zipf(Random random) {
    return (int) Math.min(IMAGES - 1, Math.exp(random.nextDouble() * Math.log(IMAGES + 1)) - 1);
  }

  private static int[] numbers(IntUnaryOperator number) {
    int[] numbers = new int[PAIRS];
    Arrays.setAll(numbers, number);
    return numbers;
  }
}
