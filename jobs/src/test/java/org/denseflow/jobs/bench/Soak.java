package org.denseflow.jobs.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.JobMain;
import org.denseflow.jobs.demo.DrawObjectsCommand;
import org.denseflow.jobs.evaluate.EvaluateCommand;
import org.denseflow.jobs.flow.DenseFlowCommand;
import org.denseflow.jobs.masks.MaskTransferCommand;
import org.denseflow.jobs.report.ReportCommand;
import org.denseflow.jobs.synthesis.SyntheticPairCommand;
import org.denseflow.jobs.training.TrainCommand;

/**
 * Jobs without end in one process, and what it holds after each round of them: heap after a
 * collection, resident memory beside the heap, threads and open files. {@code Soak MINUTES FOLDER};
 * exits with 1 when the least of one of them grew by more than a twentieth from the middle third of
 * the rounds to the last: what SameDiff has freed waits for its collector, so that memory beside
 * the heap goes up and down. On Linux.
 */
public final class Soak {
  private static final double GROWTH = 0.05;
  private static final PrintStream OUT = System.out;

  private final Path folder;

  /** What the process holds after a round. */
  record Round(double minutes, double heap, double beside, double threads, double files) {}

  private Soak(Path folder) {
    this.folder = folder;
  }

  /** Runs. */
  public static void main(String[] arguments) throws IOException {
    // What jobs print is in nobody's way.
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    Soak soak = new Soak(Path.of(arguments[1]));
    List<Round> rounds = soak.rounds(Double.parseDouble(arguments[0]));
    boolean flat = true;

    for (Held held : Held.values()) {
      double growth = growth(rounds, held.of);
      flat &= growth <= GROWTH;
      OUT.printf(
          Locale.ROOT,
          "%s: %+.1f %%%s%n",
          held.label,
          100 * growth,
          growth > GROWTH ? " GREW" : "");
    }

    System.exit(flat ? 0 : 1);
  }

  /** What should not grow. */
  private enum Held {
    HEAP("heap", Round::heap),
    BESIDE("memory beside the heap", Round::beside),
    THREADS("threads", Round::threads),
    FILES("open files", Round::files);

    private final String label;
    private final ToDoubleFunction<Round> of;

    Held(String label, ToDoubleFunction<Round> of) {
      this.label = label;
      this.of = of;
    }
  }

  /** By how much the least of the last third exceeds that of the third before, as a share. */
  static double growth(List<Round> rounds, ToDoubleFunction<Round> of) {
    int third = rounds.size() / 3;

    if (third == 0) {
      throw new IllegalArgumentException(
          "Cannot tell growth from %d rounds, three are needed".formatted(rounds.size()));
    }

    int last = rounds.size() - third;
    double before = rounds.subList(last - third, last).stream().mapToDouble(of).min().orElseThrow();
    double after = rounds.subList(last, rounds.size()).stream().mapToDouble(of).min().orElseThrow();
    return after / before - 1;
  }

  private List<Round> rounds(double minutes) throws IOException {
    Path images = folder.resolve("images");
    run(new DrawObjectsCommand(), "--out", images, "--categories", 3, "--images-per-category", 6);
    List<Round> rounds = new ArrayList<>();
    long start = System.nanoTime();
    OUT.println("round  minutes  heap MB  beside MB  threads  files");

    while (minutesSince(start) < minutes || rounds.size() < 3) {
      Path out = folder.resolve("round");
      delete(out);
      round(images, out);
      Round now = now(minutesSince(start));
      rounds.add(now);
      OUT.printf(
          Locale.ROOT,
          "%5d %8.1f %8.0f %10.0f %8.0f %6.0f%n",
          rounds.size(),
          now.minutes(),
          now.heap(),
          now.beside(),
          now.threads(),
          now.files());
    }

    return rounds;
  }

  private void round(Path images, Path out) {
    String dataset = "cub:" + images;
    Path flows = out.resolve("flows");
    Path pairs = out.resolve("pairs");
    run(new DenseFlowCommand(), "--dataset", dataset, "--write", "flows,warps,png", "--out", flows);
    run(
        new EvaluateCommand(),
        "--flows",
        flows,
        "--dataset",
        dataset,
        "--protocol",
        "cub/bbox-kp",
        "--out",
        out.resolve("scores"));
    run(new ReportCommand(), "--run", flows, "--scores", out.resolve("scores"));
    run(new MaskTransferCommand(), "--dataset", dataset, "--out", out.resolve("masks"));
    run(
        new SyntheticPairCommand(),
        "--images",
        images.resolve("images"),
        "--masks",
        images.resolve("segmentations"),
        "--preset",
        "sfnet",
        "--pairs-per-image",
        2,
        "--materialise",
        "pixels",
        "--out",
        pairs);
    run(
        new TrainCommand(),
        "--preset",
        "sfnet-compact",
        "--pairs",
        pairs,
        "--backbone",
        "hog",
        "--steps",
        8,
        "--set",
        "training.batch=2",
        "--set",
        "image.width=160",
        "--set",
        "image.height=160",
        "--set",
        "averaging.steps=4",
        "--out",
        out.resolve("model"));
  }

  private static void run(Callable<ExitCode> command, Object... arguments) {
    int code =
        JobMain.execute(command, Stream.of(arguments).map(String::valueOf).toArray(String[]::new));

    if (code != 0) {
      throw new IllegalStateException(
          "%s ended with %d".formatted(command.getClass().getSimpleName(), code));
    }
  }

  private static Round now(double minutes) throws IOException {
    // Twice: cleaners that the first collection finds free what the second counts.
    System.gc();
    System.gc();
    var memory = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    double resident =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
            .findFirst()
            .orElseThrow();

    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return new Round(
          minutes,
          memory.getUsed() / 1048576.0,
          resident - memory.getCommitted() / 1048576.0,
          threads(),
          files.count());
    }
  }

  /**
   * Threads that stay. Not those of pools that wait for work for a limited time, a minute in
   * Spark's pools: rounds that other work slows down have fewer of them.
   */
  static long threads() {
    return Thread.getAllStackTraces().values().stream()
        .filter(stack -> !endsByItself(stack))
        .count();
  }

  private static boolean endsByItself(StackTraceElement[] stack) {
    for (int i = 1; i < stack.length; i++) {
      if (stack[i].getClassName().equals(ThreadPoolExecutor.class.getName())
          && stack[i].getMethodName().equals("getTask")) {
        return stack[i - 1].getMethodName().equals("poll");
      }
    }

    return false;
  }

  private static double minutesSince(long start) {
    return (System.nanoTime() - start) / 60e9;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder())
            .forEach(
                path -> {
                  try {
                    Files.delete(path);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
      }
    }
  }
}
