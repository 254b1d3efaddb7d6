package org.denseflow.jobs.masks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.denseflow.config.Presets;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.run.Chunk;
import org.denseflow.jobs.run.Chunks;
import org.denseflow.jobs.run.Commit;
import org.denseflow.jobs.run.FailureReport;
import org.denseflow.jobs.run.FeatureStore;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.ImageCheck;
import org.denseflow.jobs.run.Orientations;
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.Progress;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunIdentity;
import org.denseflow.jobs.run.StartMode;
import org.denseflow.jobs.run.WorkerPool;
import org.denseflow.schemas.RunManifest;

/** One run of MaskTransferJob: chunks of tiles, each one Spark write. */
final class MaskRun {
  static final String TABLE = MaskTable.RESULTS.name();

  private final SparkSession spark;
  private final MaskRequest request;
  private final RunIdentity identity;
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
    this.identity = identity();
    this.context = request.context(identity.fingerprint());
    Commit.prepare(request.out(), spark.sparkContext().hadoopConfiguration());
  }

  /** Prints the resolved configuration and the plan. */
  ExitCode describe(PrintStream out) {
    out.println(Presets.readable(request.config()));
    requireImages();
    out.println(summary());
    out.printf(
        "estimated output: about %.1f MiB of masks at 500x400 pixels%n",
        plan.targets() * 20_000.0 / (1 << 20));
    out.println("fingerprint: " + identity.fingerprint() + ", of " + identity.results());
    return ExitCode.DONE;
  }

  /** Computes what is not committed yet. */
  ExitCode execute(StartMode start) {
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

    if (!run.claim(identity, mode, spark.sparkContext(), log)) {
      run.writeIdentity(identity);
    }

    request.matcher().storeProjection(run, request.configuration().value());

    log.println(summary());
    FeatureStore.note(request.matcher().note(), request.storeOrNull()).ifPresent(log::println);
    Map<Integer, Integer> generations = run.takeOver(TABLE);
    Set<Integer> committed = generations.keySet();

    if (mode.keeps()) {
      log.printf("resumed: %d of %d chunks committed%n", committed.size(), plan.chunks());
    }

    MaskRetry retry =
        mode == StartMode.RETRY_FAILED
            ? MaskRetry.of(spark, run, committed, log)
            : MaskRetry.NOTHING;
    Map<Integer, List<MaskTile>> open = open(committed, retry);
    List<MaskTile> tiles = open.values().stream().flatMap(List::stream).toList();
    long targets = tiles.stream().mapToLong(tile -> tile.targets().size()).sum();
    long pairs = tiles.stream().mapToLong(tile -> tile.evaluated(shortlist())).sum();
    long start = System.nanoTime();
    compute(run, open, generations, retry, targets);
    double seconds = (System.nanoTime() - start) / 1e9;
    log.printf(
        "computed: %s and %s in %.1f s, %.1f pairs/s%n",
        Counted.of(targets, "targets"), Counted.of(pairs, "pairs"), seconds, pairs / seconds);
    return finish(run);
  }

  private void requireImages() {
    List<List<String>> needed = new ArrayList<>();
    plan.tiles().forEach(tile -> tile.targets().forEach(target -> needed.add(target.files())));
    new ImageCheck("targets", request.maxFailedFraction())
        .require(needed, needed.size(), new HadoopFileStore(request.configuration().value()), log);
  }

  /** What is computed of each chunk. */
  private Map<Integer, List<MaskTile>> open(Set<Integer> committed, MaskRetry retry) {
    Map<Integer, List<MaskTile>> open = new TreeMap<>();

    for (int chunk = 0; chunk < plan.chunks(); chunk++) {
      List<MaskTile> tiles = plan.chunk(chunk);
      open.put(chunk, committed.contains(chunk) ? retry.of(tiles) : tiles);
    }

    open.values().removeIf(List::isEmpty);
    return open;
  }

  private void compute(
      RunDirectory run,
      Map<Integer, List<MaskTile>> open,
      Map<Integer, Integer> generations,
      MaskRetry retry,
      long targets) {
    LongAccumulator done = spark.sparkContext().longAccumulator("targets done");
    LongAccumulator failed = spark.sparkContext().longAccumulator("targets failed");
    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());

    try (Progress progress = new Progress("targets", log, done, failed, targets)) {
      Chunks.compute(
          spark.sparkContext(),
          run,
          progress,
          TABLE,
          plan.chunks(),
          plan.tiles().size(),
          chunk -> {
            List<MaskTile> tiles = open.getOrDefault(chunk, List.of());

            if (!tiles.isEmpty()) {
              Chunk masks = run.chunk(TABLE, chunk);
              Dataset<Row> rows =
                  spark.createDataFrame(
                      java.parallelize(tiles, tiles.size())
                          .flatMap(new MaskTask(context, done, failed)),
                      MaskTable.SCHEMA);

              if (generations.containsKey(chunk)) {
                Dataset<Row> kept = retry.kept(masks.read(spark, MaskTable.SCHEMA));
                masks.write(kept.union(rows), generations.get(chunk) + 1);
              } else {
                masks.write(rows);
              }
            }
          });
    }
  }

  private ExitCode finish(RunDirectory run) {
    run.settle(List.of(TABLE));
    Dataset<Row> rows = ParquetTables.read(spark, MaskTable.SCHEMA, run.table(TABLE)).cache();
    Dataset<Row> targets = rows.where("role = 'target'");
    FailureReport.Tally tally = FailureReport.Tally.of(targets);

    if (tally.total() != plan.targets()) {
      throw new IllegalStateException(
          "The masks table has %d targets, the plan %d".formatted(tally.total(), plan.targets()));
    }

    if (run.manifest().isEmpty()) {
      run.writeManifest(manifest(rows, tally.failed()));
    }

    if (request.storeOrNull() != null) {
      log.println(request.storeOrNull().summary());
    }

    new MaskReport(request).write(run, targets);
    NextList.write(run, targets, request.next());
    log.printf(
        "done: %s, %d failed, in %s%n",
        Counted.of(tally.total(), "targets"), tally.failed(), run.uri());
    Orientations.note(rows, request.config()).ifPresent(log::println);
    long exemplars = rows.where("role = 'exemplar' and status = 'failed'").count();

    if (exemplars > 0) {
      log.printf(
          "  left out: %s, see the rows with role exemplar%n", Counted.of(exemplars, "exemplars"));
    }

    ExitCode code =
        new FailureReport("targets", "image_id", request.maxFailedFraction())
            .report(tally, targets, log);
    rows.unpersist();
    return code;
  }

  private RunManifest manifest(Dataset<Row> rows, long failed) {
    Map<String, String> inputs = new TreeMap<>(request.matcher().inputs());
    inputs.put("dataset", request.dataset());
    inputs.put("exemplars", request.exemplars());
    inputs.putAll(FeatureStore.inputs(Map.of(), request.storeOrNull()));
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
        identity.fingerprint(),
        inputs,
        Presets.canonical(request.config()),
        counts,
        plan.chunks(),
        List.of(TABLE),
        identity.versions(spark));
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

  private RunIdentity identity() {
    String results =
        ResultNumber.text(MaskTable.RESULTS, ResultNumber.of(request.matcher().method()));
    Fingerprint digest =
        new Fingerprint()
            .add(results)
            .add(Presets.canonical(request.config()))
            .add(request.matcher().digest())
            .add(request.boxes());

    for (MaskTile tile : plan.tiles()) {
      tile.exemplars().forEach(one -> digest.add("exemplar", one));
      tile.targets().forEach(one -> digest.add("target", one));
    }

    return new RunIdentity(digest.hex(), results);
  }
}
