package org.denseflow.jobs.run;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.plan.Plan;
import org.denseflow.jobs.plan.Planner;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.schemas.Presets;
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
  private final String fingerprint;

  /** Prepares a run that reports to log. */
  public PairRun(SparkSession spark, RunRequest request, PairJob job, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.job = job;
    this.log = log;
    Commit.prepare(request.out(), spark.sparkContext().hadoopConfiguration());
    this.fingerprint = fingerprint();
  }

  /** Prints the resolved configuration, the plan and the estimated size. */
  public ExitCode describe(PrintStream out) {
    Plan plan = new Planner(job.plan()).plan(request.pairs());
    out.println(Presets.readable(request.config()));
    out.println(summary(plan));
    out.println("estimated output: " + job.estimate(plan.pairs()));
    out.println("fingerprint: " + fingerprint);
    return ExitCode.DONE;
  }

  /** Computes what is not committed yet. */
  public ExitCode execute(boolean resume) {
    try (RunDirectory run =
        new RunDirectory(request.out(), spark.sparkContext().hadoopConfiguration())) {
      return execute(run, resume);
    }
  }

  private ExitCode execute(RunDirectory run, boolean resume) {
    Plan plan = plan(run, resume);
    job.begin(run);
    log.println(summary(plan));
    Counters counters = Counters.of(spark.sparkContext());
    long start = System.nanoTime();
    List<Integer> committed = run.committedChunks(job.table(), plan.chunks());

    if (resume) {
      log.printf("resumed: %d of %d chunks are committed%n", committed.size(), plan.chunks());
    }

    long open =
        plan.tiles().stream()
            .filter(tile -> !committed.contains(tile.chunk()))
            .mapToLong(tile -> tile.pairs().size())
            .sum();

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
              compute(run, plan, chunk, counters);
            }

            derive(run, chunk);
          });
    }

    double seconds = (System.nanoTime() - start) / 1e9;
    log.printf(
        "computed: %d pairs in %.1f s, %.1f pairs/s; described %d images%n",
        open, seconds, open / seconds, counters.described().value());
    return finish(run, plan);
  }

  private void compute(RunDirectory run, Plan plan, int chunk, Counters counters) {
    List<Tile> tiles = plan.chunk(chunk);
    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());
    JavaRDD<Row> rows =
        java.parallelize(tiles, tiles.size()).flatMap(job.task(fingerprint, tiles, counters));
    Commit.write(spark.createDataFrame(rows, job.schema()), run, job.table(), chunk);
  }

  private void derive(RunDirectory run, int chunk) {
    for (String table : request.tables()) {
      if (!run.committed(table, chunk)) {
        job.derive(run, table, chunk);
      }
    }
  }

  private Plan plan(RunDirectory run, boolean resume) {
    if (run.claim(fingerprint, resume, spark.sparkContext())) {
      return PlanTable.read(spark, run.table("plan"));
    }

    Plan plan = new Planner(job.plan()).plan(request.pairs());
    run.checkClaim();
    PlanTable.write(spark, plan, run.table("plan"));
    run.writeFingerprint(fingerprint);
    return plan;
  }

  private ExitCode finish(RunDirectory run, Plan plan) {
    Dataset<Row> rows = spark.read().schema(job.schema()).parquet(run.table(job.table()));
    long pairs = rows.count();
    long failed = rows.where("status = 'failed'").count();

    if (pairs != plan.pairs()) {
      throw new IllegalStateException(
          "The %s table has %d rows, the plan %d pairs"
              .formatted(job.table(), pairs, plan.pairs()));
    }

    Map<String, Long> counts = new TreeMap<>(job.counts(rows));
    StringBuilder others = new StringBuilder();
    counts.forEach((name, count) -> others.append(", %d %s".formatted(count, name)));

    if (run.manifest().isEmpty()) {
      run.writeManifest(manifest(plan, pairs, failed, counts));
    }

    job.finish(run, rows);
    log.printf("done: %d pairs, %d failed%s, in %s%n", pairs, failed, others, run.uri());
    request.tables().forEach(table -> log.printf("%s: %s%n", table, run.table(table)));

    if (failed > 0) {
      rows.where("status = 'failed'")
          .groupBy("error_code")
          .agg(functions.count("*"), functions.min("error_detail"))
          .orderBy("error_code")
          .collectAsList()
          .forEach(
              row ->
                  log.printf(
                      "  failed with %s: %d pairs, such as: %s%n",
                      row.get(0), row.getLong(1), row.get(2)));
    }

    return failed > request.maxFailedFraction() * pairs ? ExitCode.TOO_MANY_FAILED : ExitCode.DONE;
  }

  private RunManifest manifest(Plan plan, long pairs, long failed, Map<String, Long> others) {
    Map<String, String> inputs = new TreeMap<>(job.inputs());
    inputs.put("dataset", request.dataset());
    inputs.put("seed", String.valueOf(request.seed()));
    Map<String, Long> counts = new TreeMap<>(others);
    counts.put("pairs", pairs);
    counts.put("failed", failed);
    counts.put("images", plan.images());
    counts.put("described", plan.described());
    List<String> tables = new ArrayList<>(List.of(job.table()));
    tables.addAll(request.tables());
    return new RunManifest(
        RunManifest.FORMAT,
        job.name(),
        fingerprint,
        inputs,
        Presets.canonical(request.config()),
        counts,
        plan.chunks(),
        tables,
        Versions.list(spark));
  }

  private String summary(Plan plan) {
    long images = plan.images();
    return ("plan: %d pairs over %d images, %d tiles in %d chunks; images described at most %d"
            + " (%.2f per distinct image); at most %d images in a task's memory")
        .formatted(
            plan.pairs(),
            images,
            plan.tiles().size(),
            plan.chunks(),
            plan.described(),
            (double) plan.described() / Math.max(1, images),
            plan.mostHeld());
  }

  private String fingerprint() {
    Fingerprint digest =
        new Fingerprint()
            .add(Presets.canonical(request.config().withoutPath("task")))
            .add(job.digest())
            .add(request.seed());
    request.pairs().forEach(p -> digest.add(p.pairId(), p.source(), p.target()));
    return digest.hex();
  }
}
