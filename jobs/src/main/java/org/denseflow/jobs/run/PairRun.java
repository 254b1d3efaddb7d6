package org.denseflow.jobs.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.denseflow.config.Presets;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.plan.Plan;
import org.denseflow.jobs.plan.Planner;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.schemas.RunManifest;

/**
 * One run of a {@link PairJob}: plan, chunks, derived tables, manifest. A chunk is one Spark write
 * into its own directory and counts once its {@code _SUCCESS} exists; nothing committed is written
 * again.
 */
public final class PairRun {
  private final SparkSession spark;
  private final RunRequest request;
  private final PairJob job;
  private final PrintStream log;
  private final RunIdentity identity;

  /** Prepares a run that reports to log. */
  public PairRun(SparkSession spark, RunRequest request, PairJob job, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.job = job;
    this.log = log;
    Commit.prepare(request.out(), spark.sparkContext().hadoopConfiguration());
    this.identity = identity();
  }

  /** Prints the resolved configuration, the plan and the estimated size. */
  public ExitCode describe(PrintStream out) {
    Plan plan = new Planner(job.plan()).plan(request.pairs());
    out.println(Presets.readable(request.config()));
    requireImages();
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

    Plan plan = plan(run, mode);
    job.begin(run);
    log.println(summary(plan));
    job.note().ifPresent(log::println);
    Counters counters = Counters.of(spark.sparkContext());
    long start = System.nanoTime();
    List<Integer> committed = run.committedChunks(job.table(), plan.chunks());

    if (mode.keeps()) {
      log.printf("resumed: %d of %d chunks committed%n", committed.size(), plan.chunks());
    }

    List<String> tables = tables(run);
    PairRetry retry =
        mode == StartMode.RETRY_FAILED
            ? PairRetry.of(spark, run, job, committed, log)
            : PairRetry.NOTHING;
    long open = retry.pairs() + open(plan, committed);

    try (Progress progress = new Progress(log, counters.done(), counters.failed(), open)) {
      Chunks.compute(
          spark.sparkContext(),
          run,
          progress,
          job.table(),
          plan.chunks(),
          plan.tiles().size(),
          chunk -> {
            if (!committed.contains(chunk)) {
              compute(run, plan.chunk(chunk), chunk, counters);
            } else if (retry.has(chunk)) {
              retry.replace(
                  spark, run, job, chunk, rows(retry.of(plan.chunk(chunk), chunk), counters));
            }

            derive(run, tables, chunk);
          });
    }

    run.removeStaged();

    double seconds = (System.nanoTime() - start) / 1e9;
    log.printf(
        "computed: %s in %.1f s, %.1f pairs/s; described %s%n",
        Counted.of(open, "pairs"),
        seconds,
        open / seconds,
        Counted.of(counters.described().value(), "images"));
    return finish(run, plan, tables);
  }

  private void requireImages() {
    new ImageCheck("pairs", request.maxFailedFraction())
        .require(
            request.pairs().stream().map(job::files).toList(),
            new HadoopFileStore(spark.sparkContext().hadoopConfiguration()),
            log);
  }

  private static long open(Plan plan, List<Integer> committed) {
    return plan.tiles().stream()
        .filter(tile -> !committed.contains(tile.chunk()))
        .mapToLong(tile -> tile.pairs().size())
        .sum();
  }

  /** The derived tables that are asked for, and those that a finished run has. */
  private List<String> tables(RunDirectory run) {
    Set<String> tables = new LinkedHashSet<>(request.tables());
    run.manifest().ifPresent(manifest -> tables.addAll(manifest.tables()));
    tables.remove(job.table());
    return List.copyOf(tables);
  }

  private void compute(RunDirectory run, List<Tile> tiles, int chunk, Counters counters) {
    Commit.write(rows(tiles, counters), run, job.table(), chunk);
  }

  private Dataset<Row> rows(List<Tile> tiles, Counters counters) {
    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());
    JavaRDD<Row> rows =
        java.parallelize(tiles, tiles.size())
            .flatMap(job.task(identity.fingerprint(), tiles, counters));
    return spark.createDataFrame(rows, job.schema());
  }

  private void derive(RunDirectory run, List<String> tables, int chunk) {
    for (String table : tables) {
      if (!run.committed(table, chunk)) {
        job.derive(run, table, chunk);
      }
    }
  }

  private Plan plan(RunDirectory run, StartMode start) {
    if (run.claim(identity, start, spark.sparkContext(), log)) {
      return PlanTable.read(spark, run.table("plan"));
    }

    Plan plan = new Planner(job.plan()).plan(request.pairs());
    run.checkClaim();
    PlanTable.write(spark, plan, run.table("plan"));
    run.writeIdentity(identity);
    return plan;
  }

  private ExitCode finish(RunDirectory run, Plan plan, List<String> tables) {
    Dataset<Row> rows = ParquetTables.read(spark, job.schema(), run.table(job.table()));
    Dataset<Row> listed = rows.where(not(col("pair_id").endsWith(ImagePair.SWAPPED)));
    FailureReport.Tally tally = FailureReport.Tally.of(listed);
    long swapped = request.swapped();
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
      Plan plan, FailureReport.Tally tally, Map<String, Long> others, List<String> derived) {
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
        plan.chunks(),
        tables,
        identity.versions(spark));
  }

  private String summary(Plan plan) {
    long images = plan.images();
    long swapped = request.swapped();
    String some =
        swapped == 0
            ? ""
            : "; %d of the pairs swapped (ID%s)".formatted(swapped, ImagePair.SWAPPED);
    return ("plan: %s over %s, %s in %s; images described at most %d (%.2f per distinct image); at most %s in a task's memory")
            .formatted(
                Counted.of(plan.pairs(), "pairs"),
                Counted.of(images, "images"),
                Counted.of(plan.tiles().size(), "tiles"),
                Counted.of(plan.chunks(), "chunks"),
                plan.described(),
                (double) plan.described() / Math.max(1, images),
                Counted.of(plan.mostHeld(), "images"))
        + some;
  }

  private RunIdentity identity() {
    Fingerprint digest =
        new Fingerprint()
            .add(job.results())
            .add(Presets.canonical(request.config().withoutPath("task")))
            .add(job.digest());
    request.pairs().forEach(p -> digest.add(p.pairId(), p.source(), p.target()));
    return new RunIdentity(digest.hex(), job.results());
  }
}
