package org.denseflow.jobs.bench;

import java.util.Arrays;
import java.util.List;

/** Repeats work and keeps the fastest run: other load on the machine only ever adds. */
final class Stopwatch {
  private static final int RUNS = 12;

  private Stopwatch() {}

  static double bestMillis(Runnable work) {
    return bestMillis(List.of(work))[0];
  }

  /** Several pieces of work in turn, so that slow times of the machine meet all of them. */
  static double[] bestMillis(List<Runnable> works) {
    double[] best = new double[works.size()];
    Arrays.fill(best, Double.POSITIVE_INFINITY);

    for (int run = 0; run < RUNS; run++) {
      for (int i = 0; i < best.length; i++) {
        long start = System.nanoTime();
        works.get(i).run();
        best[i] = Math.min(best[i], (System.nanoTime() - start) / 1e6);
      }
    }

    return best;
  }
}
