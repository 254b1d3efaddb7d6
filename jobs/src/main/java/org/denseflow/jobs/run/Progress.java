package org.denseflow.jobs.run;

import java.io.PrintStream;
import java.time.Duration;
import org.apache.spark.util.LongAccumulator;

/** One line every few seconds while chunks are computed; for display only. */
public final class Progress implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 5_000;

  private final String things;
  private final PrintStream out;
  private final LongAccumulator done;
  private final LongAccumulator failed;
  private final long total;
  private final long start = System.nanoTime();
  private final Thread thread;
  private volatile String stage = "";

  /** Prints to {@code out} how many of {@code total} things are done. */
  public Progress(
      String things, PrintStream out, LongAccumulator done, LongAccumulator failed, long total) {
    this.things = things;
    this.out = out;
    this.done = done;
    this.failed = failed;
    this.total = total;
    this.thread = new Thread(this::loop, "progress");
    thread.setDaemon(true);
    thread.start();
  }

  /** What is going on now, such as {@code chunk 2/7}. */
  public void stage(String text) {
    stage = text;
  }

  /** The line as of now. */
  String line() {
    long pairs = done.value();
    double seconds = (System.nanoTime() - start) / 1e9;
    double rate = pairs / Math.max(1e-9, seconds);
    String eta =
        pairs == 0
            ? "unknown"
            : Duration.ofSeconds((long) ((total - pairs) / rate))
                .toString()
                .substring(2)
                .toLowerCase(java.util.Locale.ROOT);
    return "%s %d/%d, %.1f %s/s, ETA %s, failed %d, %s"
        .formatted(things, pairs, total, rate, things, eta, failed.value(), stage);
  }

  @Override
  public void close() {
    thread.interrupt();
    out.println(line());
  }

  private void loop() {
    try {
      while (true) {
        Thread.sleep(INTERVAL_MILLIS);
        out.println(line());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
