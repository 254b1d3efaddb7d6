package org.denseflow.jobs.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.denseflow.config.Presets;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.plan.ListSummary;
import org.denseflow.jobs.plan.PlanCounts;
import org.denseflow.jobs.plan.PlannedChunk;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Planning;
import org.denseflow.jobs.plan.RunPlan;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.schemas.RunManifest;

/**
 * One run of a {@link PairJob}: plan, chunks, derived tables, manifest. A chunk is one Spark write
 * and counts once its marker exists; nothing committed is written again, but where failed pairs are
 * retried.
 */
public final class PairRun {
  private static final ResultNumber PLAN = new ResultNumber("plan", 2);

  /** Bytes of rows that a file has at least, where cores and the list allow it. */
  private static final long FILE_BYTES = 128L << 20;

  private final SparkSession spark;
  private final RunRequest request;
  private final PairJob job;
  private final PrintStream log;
  private final ListSummary summary;
  private final RunIdentity identity;

  /** Prepares a run that reports to log. */
  public PairRun(SparkSession spark, RunRequest request, PairJob job, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.job = job;
    this.log = log;
    Commit.prepare(request.out(), spark.sparkContext().hadoopConfiguration());
    this.summary = request.pairs().summary();
    this.identity = identity();
  }

  /** Prints the resolved configuration, the plan and the estimated size. */
  public ExitCode describe(PrintStream out) {
    out.println(Presets.readable(request.config()));
    requireImages();
    PlanCounts plan = planning().counts();
    out.println(summary(plan));
    job.note().ifPresent(out::println);
    out.println("estimated output: " + job.estimate(plan.pairs()));
    out.println("fingerprint: " + identity.fingerprint() + ", of " + identity.results());
    return ExitCode.DONE;
  }

  /** Computes what is not committed yet. */
  public ExitCode execute(StartMode start) {
    try (RunDirectory run =
        new RunDirectory(request.out(), spark.sparkContext().hadoopConfiguration())) {
      return execute(run, start);
    } finally {
      WorkerPool.clear(identity.fingerprint());
    }
  }

  private ExitCode execute(RunDirectory run, StartMode mode) {
    if (!mode.keeps()) {
      requireImages();
    }

    RunPlan plan = plan(run, mode);
    PlanCounts counts = plan.counts();
    job.begin(run);
    log.println(summary(counts));
    job.note().ifPresent(log::println);
    Counters counters = Counters.of(spark.sparkContext());
    long start = System.nanoTime();
    List<PlannedChunk> chunks = counts.chunks();
    Map<Integer, Integer> generations = run.takeOver(job.table());
    Set<Integer> committed = Set.copyOf(generations.keySet());

    if (mode.keeps()) {
      log.printf("resumed: %d of %d chunks committed%n", committed.size(), chunks.size());
    }

    List<String> tables = tables(run);
    Map<String, Map<Integer, Integer>> derived = new HashMap<>();
    tables.forEach(table -> derived.put(table, run.generations(table)));
    PairRetry retry =
        mode == StartMode.RETRY_FAILED
            ? PairRetry.of(spark, run, job, committed, log)
            : PairRetry.NOTHING;
    long open = retry.pairs() + open(chunks, committed);

    try (Progress progress = new Progress(log, counters.done(), counters.failed(), open)) {
      Chunks.compute(
          spark.sparkContext(),
          run,
          progress,
          job.table(),
          chunks.size(),
          chunks.stream().mapToInt(this::partitions).sum(),
          chunk -> {
            Chunk rows = run.chunk(job.table(), chunk);
            Supplier<JavaRDD<Tile>> tiles = () -> plan.tiles(chunk, partitions(chunks.get(chunk)));

            if (!committed.contains(chunk)) {
              generations.put(chunk, rows.write(rows(tiles.get(), counters)));
            } else if (retry.has(chunk)) {
              Dataset<Row> mended =
                  PairRetry.mended(
                      rows.read(spark, job.schema()), tiles.get(), own -> rows(own, counters));
              generations.put(chunk, rows.write(mended, generations.get(chunk) + 1));
            }

            derive(run, derived, chunk, generations.get(chunk));
          });
    }

    double seconds = (System.nanoTime() - start) / 1e9;
    log.printf(
        "computed: %s in %.1f s, %.1f pairs/s; described %s%n",
        Counted.of(open, "pairs"),
        seconds,
        open / seconds,
        Counted.of(counters.described().value(), "images"));
    return finish(run, counts, tables);
  }

  private void requireImages() {
    List<PlannedPair> pairs = request.pairs().held().orElseGet(summary::sample);
    new ImageCheck("pairs", request.maxFailedFraction())
        .require(
            pairs.stream().map(PlannedPair::files).toList(),
            summary.pairs(),
            new HadoopFileStore(spark.sparkContext().hadoopConfiguration()),
            log);
  }

  private static long open(List<PlannedChunk> chunks, Set<Integer> committed) {
    return chunks.stream()
        .filter(chunk -> !committed.contains(chunk.number()))
        .mapToLong(PlannedChunk::pairs)
        .sum();
  }

  /** Tasks, and so files, of a chunk. */
  private int partitions(PlannedChunk chunk) {
    long files = chunk.pairs() * job.bytesPerPair() / FILE_BYTES;
    return (int)
        Math.min(chunk.tiles(), Math.max(files, 2L * spark.sparkContext().defaultParallelism()));
  }

  /** The derived tables that are asked for, and those that a finished run has. */
  private List<String> tables(RunDirectory run) {
    Set<String> tables = new LinkedHashSet<>(request.tables());
    run.manifest().ifPresent(manifest -> tables.addAll(manifest.tables()));
    tables.remove(job.table());
    return List.copyOf(tables);
  }

  private Dataset<Row> rows(JavaRDD<Tile> tiles, Counters counters) {
    return spark.createDataFrame(
        tiles.flatMap(job.task(identity.fingerprint(), counters)), job.schema());
  }

  private void derive(
      RunDirectory run, Map<String, Map<Integer, Integer>> derived, int chunk, int generation) {
    derived.forEach(
        (table, generations) -> {
          if (generations.getOrDefault(chunk, ChunkFiles.NONE) < generation) {
            job.derive(run, table, chunk, generation);
          }
        });
  }

  private Planning planning() {
    return new Planning(
        spark, request.pairs(), summary.pairs(), job.plan().ofRows(job.bytesPerPair()));
  }

  private RunPlan plan(RunDirectory run, StartMode start) {
    if (run.claim(identity, start, spark.sparkContext(), log)) {
      return planning().read(run.planUri());
    }

    Planning planning = planning();
    return run.begin(identity, planning::write);
  }

  private ExitCode finish(RunDirectory run, PlanCounts plan, List<String> tables) {
    run.settle(List.of(job.table()));
    run.settle(tables);
    Dataset<Row> rows = ParquetTables.read(spark, job.schema(), run.table(job.table()));
    Dataset<Row> listed = rows.where(not(col("pair_id").endsWith(ImagePair.SWAPPED)));
    FailureReport.Tally tally = FailureReport.Tally.of(listed);
    long swapped = summary.swapped();
    long found = swapped == 0 ? tally.total() : rows.count();

    if (found != plan.pairs()) {
      throw new IllegalStateException(
          "The %s table has %d rows, the plan %d pairs"
              .formatted(job.table(), found, plan.pairs()));
    }

    Map<String, Long> counts = new TreeMap<>(job.counts(rows));

    if (swapped > 0) {
      counts.put("swapped", swapped);
    }

    StringBuilder others = new StringBuilder();
    counts.forEach((name, count) -> others.append(", %d %s".formatted(count, name)));

    if (run.manifest().isEmpty()) {
      run.writeManifest(manifest(plan, tally, counts, tables));
    }

    job.finish(run, rows);
    log.printf(
        "done: %s, %d failed%s, in %s%n",
        Counted.of(tally.total(), "pairs"), tally.failed(), others, run.uri());
    tables.forEach(table -> log.printf("%s: %s%n", table, run.table(table)));
    Orientations.noteOfPairs(rows, request.config()).ifPresent(log::println);
    return new FailureReport("pairs", "pair_id", request.maxFailedFraction())
        .report(tally, listed, log);
  }

  private RunManifest manifest(
      PlanCounts plan, FailureReport.Tally tally, Map<String, Long> others, List<String> derived) {
    Map<String, String> inputs = new TreeMap<>(job.inputs());
    inputs.put("dataset", request.dataset());
    Map<String, Long> counts = new TreeMap<>(others);
    counts.put("pairs", tally.total());
    counts.put("failed", tally.failed());
    counts.put("images", plan.images());
    counts.put("described", plan.described());
    List<String> tables = new ArrayList<>(List.of(job.table()));
    tables.addAll(derived);
    return new RunManifest(
        RunManifest.FORMAT,
        job.name(),
        identity.fingerprint(),
        inputs,
        Presets.canonical(request.config()),
        counts,
        plan.chunks().size(),
        tables,
        identity.versions(spark));
  }

  private String summary(PlanCounts plan) {
    long images = plan.images();
    long swapped = summary.swapped();
    String some =
        swapped == 0
            ? ""
            : "; %d of the pairs swapped (ID%s)".formatted(swapped, ImagePair.SWAPPED);
    return ("plan: %s over %s, %s in %s; images described at most %d (%.2f per distinct image); at most %s in a task's memory")
            .formatted(
                Counted.of(plan.pairs(), "pairs"),
                Counted.of(images, "images"),
                Counted.of(plan.tiles(), "tiles"),
                Counted.of(plan.chunks().size(), "chunks"),
                plan.described(),
                (double) plan.described() / Math.max(1, images),
                Counted.of(plan.mostHeld(), "images"))
        + some;
  }

  private RunIdentity identity() {
    String results = "%s, %s".formatted(job.results(), PLAN);
    Fingerprint digest =
        new Fingerprint()
            .add(results)
            .add(Presets.canonical(request.config().withoutPath("task")))
            .add(job.digest())
            .add(summary.pairs(), summary.digest());
    return new RunIdentity(digest.hex(), results);
  }
}
