package org.denseflow.jobs.masks;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.run.Chunks;
import org.denseflow.jobs.run.Commit;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.Progress;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.Versions;
import org.denseflow.schemas.Presets;
import org.denseflow.schemas.RunManifest;

/** One run of MaskTransferJob: chunks of tiles, each one Spark write that is never repeated. */
final class MaskRun {
  static final String TABLE = "masks";

  private final SparkSession spark;
  private final MaskRequest request;
  private final MaskContext context;
  private final MaskTransferParameters parameters;
  private final MaskPlan plan;
  private final PrintStream log;

  MaskRun(SparkSession spark, MaskRequest request, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.log = log;
    this.parameters = request.job().job();
    this.plan = MaskPlan.of(request.classes(), parameters.plan());
    this.context = request.context(fingerprint());
    Commit.prepare(request.out(), spark.sparkContext().hadoopConfiguration());
  }

  /** Prints the resolved configuration and the plan. */
  ExitCode describe(PrintStream out) {
    out.println(Presets.readable(request.config()));
    out.println(summary());
    out.printf(
        "estimated output: about %.1f MiB of masks at 500x400 pixels%n",
        plan.targets() * 20_000.0 / (1 << 20));
    out.println("fingerprint: " + context.fingerprint());
    return ExitCode.DONE;
  }

  /** Computes what is not committed yet. */
  ExitCode execute(boolean resume) {
    try (RunDirectory run =
        new RunDirectory(request.out(), spark.sparkContext().hadoopConfiguration())) {
      return execute(run, resume);
    }
  }

  private ExitCode execute(RunDirectory run, boolean resume) {
    if (!run.claim(context.fingerprint(), resume, spark.sparkContext())) {
      run.writeFingerprint(context.fingerprint());
    }

    request.matcher().storeProjection(run, request.configuration().value());

    log.println(summary());
    List<Integer> committed = run.committedChunks(TABLE, plan.chunks());

    if (resume) {
      log.printf("resumed: %d of %d chunks are committed%n", committed.size(), plan.chunks());
    }

    long start = System.nanoTime();
    long open = 0;
    long pairs = 0;

    for (MaskTile tile : plan.tiles()) {
      open += committed.contains(tile.chunk()) ? 0 : tile.targets().size();
      pairs += committed.contains(tile.chunk()) ? 0 : tile.evaluated(shortlist());
    }

    compute(run, committed, open);
    double seconds = (System.nanoTime() - start) / 1e9;
    log.printf(
        "computed: %d targets and %d pairs in %.1f s, %.1f pairs/s%n",
        open, pairs, seconds, pairs / seconds);
    return finish(run);
  }

  private void compute(RunDirectory run, List<Integer> committed, long open) {
    LongAccumulator done = spark.sparkContext().longAccumulator("targets done");
    LongAccumulator failed = spark.sparkContext().longAccumulator("targets failed");
    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());

    try (Progress progress = new Progress("targets", log, done, failed, open)) {
      Chunks.compute(
          spark.sparkContext(),
          run,
          progress,
          TABLE,
          plan.chunks(),
          plan.tiles().size(),
          chunk -> {
            if (!committed.contains(chunk)) {
              List<MaskTile> tiles = plan.chunk(chunk);
              JavaRDD<Row> rows =
                  java.parallelize(tiles, tiles.size())
                      .flatMap(new MaskTask(context, done, failed));
              Commit.write(spark.createDataFrame(rows, MaskTable.SCHEMA), run, TABLE, chunk);
            }
          });
    }
  }

  private ExitCode finish(RunDirectory run) {
    Dataset<Row> rows = spark.read().schema(MaskTable.SCHEMA).parquet(run.table(TABLE)).cache();
    Dataset<Row> targets = rows.where("role = 'target'");
    long count = targets.count();

    if (count != plan.targets()) {
      throw new IllegalStateException(
          "The masks table has %d targets, the plan %d".formatted(count, plan.targets()));
    }

    long failed = targets.where("status = 'failed'").count();

    if (run.manifest().isEmpty()) {
      run.writeManifest(manifest(rows, failed));
    }

    new MaskReport(request).write(run, targets);
    NextList.write(run, targets, request.next());
    log.printf("done: %d targets, %d failed, in %s%n", count, failed, run.uri());
    rows.where("status = 'failed'")
        .groupBy("role", "error_code")
        .count()
        .orderBy("role", "error_code")
        .collectAsList()
        .forEach(
            row ->
                log.printf("  failed with %s: %d %ss%n", row.get(1), row.getLong(2), row.get(0)));
    rows.unpersist();
    return failed > request.maxFailedFraction() * count ? ExitCode.TOO_MANY_FAILED : ExitCode.DONE;
  }

  private RunManifest manifest(Dataset<Row> rows, long failed) {
    Map<String, String> inputs = new TreeMap<>(request.matcher().inputs());
    inputs.put("dataset", request.dataset());
    inputs.put("exemplars", request.exemplars());
    inputs.put("targets", request.targets());
    inputs.put("boxes", request.boxes() ? "used" : "none");
    Row sums =
        rows.selectExpr("sum(described)", "sum(evaluated)", "sum(skipped)").collectAsList().get(0);
    Map<String, Long> counts = new TreeMap<>();
    counts.put("targets", plan.targets());
    counts.put("failed", failed);
    counts.put("images", plan.images());
    counts.put("described", sum(sums, 0));
    counts.put("evaluated", sum(sums, 1));
    counts.put("skipped", sum(sums, 2));
    return new RunManifest(
        RunManifest.FORMAT,
        "MaskTransferJob",
        context.fingerprint(),
        inputs,
        Presets.canonical(request.config()),
        counts,
        plan.chunks(),
        List.of(TABLE),
        Versions.list(spark));
  }

  private static long sum(Row sums, int column) {
    return sums.isNullAt(column) ? 0 : sums.getLong(column);
  }

  private int shortlist() {
    return parameters.mask().shortlist();
  }

  private String summary() {
    return plan.summary(shortlist(), parameters.exemplars().held());
  }

  private String fingerprint() {
    Fingerprint digest =
        new Fingerprint()
            .add(Presets.canonical(request.config()))
            .add(request.matcher().digest())
            .add(request.boxes());

    for (MaskTile tile : plan.tiles()) {
      tile.exemplars().forEach(one -> digest.add("exemplar", one));
      tile.targets().forEach(one -> digest.add("target", one));
    }

    return digest.hex();
  }
}
