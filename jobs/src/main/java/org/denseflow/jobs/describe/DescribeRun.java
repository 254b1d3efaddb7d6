package org.denseflow.jobs.describe;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.udf;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.JobConfig;
import org.denseflow.config.Presets;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.run.Chunks;
import org.denseflow.jobs.run.Commit;
import org.denseflow.jobs.run.FailureReport;
import org.denseflow.jobs.run.FeaturePlan;
import org.denseflow.jobs.run.FeatureStore;
import org.denseflow.jobs.run.FeatureTable;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.ImageCheck;
import org.denseflow.jobs.run.Orientations;
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.Progress;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunIdentity;
import org.denseflow.jobs.run.StartMode;
import org.denseflow.jobs.run.WorkerPool;
import org.denseflow.jobs.synthesis.ChunkFilter;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.ImageFeatures;
import org.denseflow.schemas.RunManifest;

/**
 * One run of DescribeJob. The images are divided into files by a hash of their URIs, and each file
 * is made by one task, sorted by URI; a chunk is some of these files.
 */
final class DescribeRun {
  private static final String TABLE = FeatureTable.RESULTS.name();

  /** Images that are looked for before any is described. */
  private static final int LOOKED_AT = 5000;

  private final SparkSession spark;
  private final DescribeRequest request;
  private final PrintStream log;
  private final DescribeParameters job;
  private final SerializableConfiguration configuration;
  private final Map<String, String> features;
  private final long images;
  private final RunIdentity identity;

  DescribeRun(SparkSession spark, DescribeRequest request, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.log = log;
    this.job = JobConfig.of(request.config(), DescribeParameters.class).job();
    this.configuration = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    this.features = FeatureStore.identity(request.matcher(), job.reading(), configuration.value());
    Commit.prepare(request.out(), configuration.value());
    Row list =
        request
            .images()
            .selectExpr("count(*)", "bit_xor(xxhash64(image))", "bit_xor(xxhash64(image, 1))")
            .first();
    this.images = list.getLong(0);
    Fingerprint digest = new Fingerprint().add(images, list.get(1), list.get(2));
    features.forEach(digest::add);
    this.identity = new RunIdentity(digest.hex(), FeatureTable.RESULTS.toString());
  }

  /** Prints the resolved configuration and how much there will be. */
  ExitCode describe(PrintStream out) {
    out.println(Presets.readable(request.config()));
    requireImages();
    out.println(summary());
    out.println(plan().describe());
    out.println("fingerprint: " + identity.fingerprint() + ", of " + identity.results());
    return ExitCode.DONE;
  }

  /** Computes what is not committed yet. */
  ExitCode execute(StartMode start) {
    try (RunDirectory run = new RunDirectory(request.out(), configuration.value())) {
      return execute(run, start);
    } finally {
      WorkerPool.clear(identity.fingerprint());
    }
  }

  private ExitCode execute(RunDirectory run, StartMode start) {
    if (!start.keeps()) {
      requireImages();
    }

    if (!run.claim(identity, start, spark.sparkContext(), log)) {
      run.writeIdentity(identity);
    }

    log.println(summary());
    request.matcher().note().ifPresent(log::println);
    request.matcher().storeProjection(run, configuration.value());
    FeaturePlan plan = plan(run);
    log.println(plan.describe());
    Map<Integer, Integer> generations = new HashMap<>(run.takeOver(TABLE));

    if (start.keeps()) {
      log.printf("resumed: %d of %d chunks committed%n", generations.size(), plan.chunks());
    }

    Set<Integer> again =
        start == StartMode.RETRY_FAILED ? failed(run, generations.keySet()) : Set.of();
    Set<Integer> committed = new HashSet<>(generations.keySet());
    committed.removeAll(again);
    compute(run, plan, generations, committed);
    return finish(run, plan);
  }

  private void requireImages() {
    List<List<String>> some =
        request.images().orderBy(expr("xxhash64(image)")).limit(LOOKED_AT).collectAsList().stream()
            .map(row -> List.of(row.getString(0)))
            .toList();
    new ImageCheck("images", request.maxFailedFraction())
        .require(some, images, new HadoopFileStore(configuration.value()), log);
  }

  /** Chunks with images that could not be read, which are described again as a whole. */
  private Set<Integer> failed(RunDirectory run, Set<Integer> committed) {
    Set<Integer> chunks = new HashSet<>();

    if (!committed.isEmpty()) {
      ParquetTables.read(spark, FeatureTable.SCHEMA, run.table(TABLE))
          .where("status = 'failed'")
          .select("chunk")
          .distinct()
          .collectAsList()
          .forEach(row -> chunks.add(row.getInt(0)));
      chunks.retainAll(committed);
    }

    log.printf("retried: %d of %d committed chunks%n", chunks.size(), committed.size());

    if (!chunks.isEmpty()) {
      run.reopen();
    }

    return chunks;
  }

  private void compute(
      RunDirectory run,
      FeaturePlan plan,
      Map<Integer, Integer> generations,
      Set<Integer> committed) {
    if (committed.size() == plan.chunks()) {
      return;
    }

    LongAccumulator done = spark.sparkContext().longAccumulator("images done");
    LongAccumulator failed = spark.sparkContext().longAccumulator("images failed");
    JavaRDD<String> files = files(plan);
    DescribeTask task =
        new DescribeTask(
            identity.fingerprint(),
            request.matcher(),
            job.reading(),
            job.store().readAhead(),
            configuration,
            done,
            failed);
    long open = images * (plan.chunks() - committed.size()) / plan.chunks();

    try (Progress progress = new Progress("images", log, done, failed, open)) {
      Chunks.compute(
          spark.sparkContext(),
          run,
          progress,
          TABLE,
          plan.chunks(),
          plan.files(),
          chunk -> {
            if (!committed.contains(chunk)) {
              JavaRDD<String> own =
                  PartitionPruningRDD.create(files.rdd(), new ChunkFilter(chunk, plan.chunkFiles()))
                      .toJavaRDD();
              run.chunk(TABLE, chunk)
                  .write(
                      spark.createDataFrame(own.mapPartitions(task), FeatureTable.SCHEMA),
                      generations.getOrDefault(chunk, -1) + 1,
                      FeatureTable.PARQUET);
            }
          });
    }
  }

  /** The images with one partition per file, each sorted. */
  private JavaRDD<String> files(FeaturePlan plan) {
    UDF1<String, Integer> file = plan::file;
    return request
        .images()
        .withColumn("file", udf(file, DataTypes.IntegerType).apply(col("image")))
        .repartitionById(plan.files(), col("file"))
        .sortWithinPartitions("image")
        .select("image")
        .javaRDD()
        .map(row -> row.getString(0));
  }

  private FeaturePlan plan(RunDirectory run) {
    return run.read(FeaturePlan.FILE)
        .map(FeaturePlan::parse)
        .orElseGet(
            () -> {
              FeaturePlan plan = plan();
              run.write(FeaturePlan.FILE, plan.toJson());
              return plan;
            });
  }

  private FeaturePlan plan() {
    return FeaturePlan.of(
        images,
        imageBytes(),
        job.store().fileBytes(),
        job.store().chunkBytes(),
        2 * spark.sparkContext().defaultParallelism());
  }

  /** Bytes of an image's features, found by describing nothing. */
  private long imageBytes() {
    WorkingSize size = request.matcher().config().image();
    RgbImage blank =
        new RgbImage(size.width(), size.height(), new byte[3 * size.width() * size.height()]);

    try (AnyMatcher matcher = request.matcher().matcher(configuration.value());
        ImageFeatures described = matcher.describe(blank)) {
      return described.vectors().stream().mapToLong(own -> Short.BYTES * own.length()).sum();
    }
  }

  private ExitCode finish(RunDirectory run, FeaturePlan plan) {
    run.settle(List.of(TABLE));
    Dataset<Row> rows =
        ParquetTables.read(spark, FeatureTable.SCHEMA, run.table(TABLE)).drop("features");
    FailureReport.Tally tally = FailureReport.Tally.of(rows);

    if (tally.total() != images) {
      throw new IllegalStateException(
          "The %s table has %d rows, expected %d".formatted(TABLE, tally.total(), images));
    }

    if (run.manifest().isEmpty()) {
      Map<String, String> inputs = new TreeMap<>(features);
      inputs.put("method", request.matcher().config().method());
      inputs.put("images", request.address());
      run.writeManifest(
          new RunManifest(
              RunManifest.FORMAT,
              FeatureStore.JOB,
              identity.fingerprint(),
              inputs,
              Presets.canonical(request.config()),
              Map.of("images", images, "failed", tally.failed()),
              plan.chunks(),
              List.of(TABLE),
              identity.versions(spark)));
    }

    log.printf(
        "done: %s, %d failed, %.1f MB, in %s%n",
        Counted.of(images, "images"), tally.failed(), run.bytes(TABLE) / 1e6, run.uri());
    Orientations.note(rows, request.config()).ifPresent(log::println);
    return new FailureReport("images", "image", request.maxFailedFraction())
        .report(tally, rows, log);
  }

  private String summary() {
    return "images: %s, described by %s as %s needs them"
        .formatted(
            Counted.of(images, "images"),
            features.get("backbone"),
            request.matcher().config().method());
  }
}
