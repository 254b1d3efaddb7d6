package org.denseflow.jobs.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** Repeats work and keeps the fastest run: other load on the machine only ever adds. */
final class Stopwatch {
  private static final int RUNS = 12;

  /** Quick work goes on for so long, so that the compiler has seen to all of it. */
  private static final long NANOSECONDS = 3_000_000_000L;

  private Stopwatch() {}

  /** The time of work that is done once. */
  static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  static double bestMillis(Runnable work) {
    return bestMillis(1, List.of(i -> work.run()))[0];
  }

  /**
   * Several kinds of work that come in pieces, piece by piece in turn, so that slow times of the
   * machine meet all kinds: for each kind the sum of its pieces' fastest runs.
   */
  static double[] bestMillis(int pieces, List<IntConsumer> works) {
    double[][] best = new double[works.size()][pieces];

    long begin = System.nanoTime();

    for (int run = 0; run < RUNS || System.nanoTime() - begin < NANOSECONDS; run++) {
      for (int piece = 0; piece < pieces; piece++) {
        for (int i = 0; i < best.length; i++) {
          long start = System.nanoTime();
          works.get(i).accept(piece);
          double millis = (System.nanoTime() - start) / 1e6;
          best[i][piece] = run == 0 ? millis : Math.min(best[i][piece], millis);
        }
      }
    }

    return Arrays.stream(best).mapToDouble(times -> Arrays.stream(times).sum()).toArray();
  }
}
