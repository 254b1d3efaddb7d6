package org.denseflow.jobs.bench;

/** Repeats work and keeps the fastest run: other load on the machine only ever adds. */
final class Stopwatch {
  private static final int RUNS = 12;

  private Stopwatch() {}

  static double bestMillis(Runnable work) {
    double best = Double.POSITIVE_INFINITY;

    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e6);
    }

    return best;
  }
}
