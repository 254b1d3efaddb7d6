package org.denseflow.jobs.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * DenseFlowJob without options on drawn images, started as a user would, with executors of one core
 * in processes of their own. Pairs a second are the job's own count, from the first task to the
 * last commit, which has the executors' first seconds in it; the rest of the time is the start.
 */
final class EndToEndBench {
  private static final int[] EXECUTORS = {1, 2};
  private static final int MEGABYTES = 1024;
  private static final Pattern COMPUTED =
      Pattern.compile("computed: \\d+ pairs? in ([0-9.]+) s, ([0-9.]+) pairs/s");

  private final Path folder;
  private final Stages stages;

  private EndToEndBench(Path folder, Stages stages) {
    this.folder = folder;
    this.stages = stages;
  }

  /**
   * Milliseconds of one core, as the rows of these stages say.
   *
   * @param describe an image
   * @param match a pair
   * @param write a pair
   */
  record Stages(double describe, double match, double write) {

    /** Pairs a second, where each image is described once and nothing else takes time. */
    double pairsPerSecond(PairList list, int cores) {
      double millis = list.images() * describe + list.pairs() * (match + write);
      return 1000.0 * cores * list.pairs() / millis;
    }
  }

  /** Pairs of so many images. */
  enum PairList {
    /** No image twice. */
    ONE_TO_ONE(1200, 600),
    /** Each image with each other one. */
    ALL_PAIRS(144, 144 * 143);

    private final int images;
    private final int pairs;

    PairList(int images, int pairs) {
      this.images = images;
      this.pairs = pairs;
    }

    int images() {
      return images;
    }

    int pairs() {
      return pairs;
    }

    /** As a list with a header; of more images the first ones. */
    List<String> lines(List<Path> all) {
      List<String> lines = new ArrayList<>(List.of("source,target"));

      for (int i = 0; i < images; i++) {
        for (int j = 0; j < images; j++) {
          boolean listed = this == ALL_PAIRS ? i != j : i % 2 == 0 && j == i + 1;

          if (listed) {
            lines.add(all.get(i) + "," + all.get(j));
          }
        }
      }

      return lines;
    }

    String words() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
  }

  /** The figures that a run prints. */
  record Report(double seconds, double pairsPerSecond) {

    /**
     * Reads a job's log.
     *
     * @throws IllegalArgumentException if the job did not say what it computed
     */
    static Report of(String log) {
      Matcher computed = COMPUTED.matcher(log);

      if (!computed.find()) {
        throw new IllegalArgumentException("Cannot find what was computed in: " + log);
      }

      return new Report(
          Double.parseDouble(computed.group(1)), Double.parseDouble(computed.group(2)));
    }
  }

  /**
   * Runs both lists with one and with two executors.
   *
   * @param writeMillis the time that a pair takes to write
   */
  static List<BenchRow> rows(double writeMillis) {
    Stages stages =
        new Stages(
            DescribeBench.row("denseflow_s", 1, 1).value(), MatchBench.own().value(), writeMillis);

    try (WorkFolder folder = new WorkFolder()) {
      return new EndToEndBench(folder.path(), stages).measure();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<BenchRow> measure() throws IOException {
    Path images = folder.resolve("images");
    int perCategory = PairList.ONE_TO_ONE.images() / 6;
    job("DrawObjectsJob", "--out", images, "--images-per-category", perCategory);
    double floor = Stopwatch.seconds(() -> job("DenseFlowJob", "--help"));
    List<Path> files = PlainFiles.below(images.resolve("images"), ".png");
    List<BenchRow> rows = new ArrayList<>();

    for (PairList list : PairList.values()) {
      Path csv = Files.write(folder.resolve(list + ".csv"), list.lines(files));

      for (int executors : EXECUTORS) {
        rows.addAll(run(list, csv, executors, floor));
      }
    }

    return rows;
  }

  private List<BenchRow> run(PairList list, Path csv, int executors, double startFloor) {
    StringBuilder log = new StringBuilder();
    double seconds =
        Stopwatch.seconds(
            () ->
                log.append(
                    job(
                        "--master",
                        "local-cluster[%d,1,%d]".formatted(executors, MEGABYTES),
                        "DenseFlowJob",
                        "--dataset",
                        "pairs:" + csv,
                        "--out",
                        folder.resolve(list + "-" + executors))));
    Report report = Report.of(log.toString());
    int cores = Math.min(executors, Runtime.getRuntime().availableProcessors());
    String name =
        "%s, %d images, %d pairs, executors: %d"
            .formatted(list.words(), list.images(), list.pairs(), executors);
    return List.of(
        BenchRow.rate(
            name + " (floor: describe, match, write)",
            report.pairsPerSecond(),
            "pairs/s",
            stages.pairsPerSecond(list, cores)),
        BenchRow.of(
            name + ", start and end (floor: --help)", seconds - report.seconds(), "s", startFloor));
  }

  private static String job(Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("denseflow.home"), "scripts/denseflow").toString());
    Stream.of(arguments).map(String::valueOf).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "LC_ALL", "C",
                "OMP_NUM_THREADS", "1",
                "DENSEFLOW_MEMORY", "1g",
                "DENSEFLOW_EXECUTOR_MEMORY", MEGABYTES + "m"));
    return OwnProcess.output(builder);
  }
}
