package org.denseflow.jobs.synthesis;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.ConfigBinder;
import org.denseflow.config.JobConfig;
import org.denseflow.config.Presets;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.jobs.run.Chunk;
import org.denseflow.jobs.run.Chunks;
import org.denseflow.jobs.run.Commit;
import org.denseflow.jobs.run.FailureReport;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.ImageCheck;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.Orientations;
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.Progress;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunIdentity;
import org.denseflow.jobs.run.StartMode;
import org.denseflow.jobs.synthesis.PairRequest.Materialise;
import org.denseflow.schemas.RunManifest;
import org.denseflow.synthesis.PairParameters;

/**
 * One run of SyntheticPairJob. Three steps: every image is read once ({@code images} table);
 * recipes are drawn and shuffled into files by their keys; chunk by chunk of files they are
 * written, with rendered views where pixels are asked for. Which file a pair lies in follows from
 * its key, so rows do not depend on partitions, executors or retries.
 */
final class SyntheticPairRun {
  private static final String TABLE = PairTable.RESULTS.name();
  private static final String FIELDS = FieldTable.RESULTS.name();
  private static final StructType WITH_FILE =
      new StructType().add("file", DataTypes.IntegerType).merge(PairTable.SCHEMA, false);

  private final SparkSession spark;
  private final PairRequest request;
  private final PrintStream log;
  private final String pairsText;
  private final PairJobParameters job;
  private final RunIdentity identity;
  private final SerializableConfiguration configuration;

  SyntheticPairRun(SparkSession spark, PairRequest request, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.log = log;
    JobConfig<PairJobParameters> config = JobConfig.of(request.config(), PairJobParameters.class);
    ConfigBinder.bind(config.preset(), PairParameters.class);
    this.pairsText = Presets.canonical(config.preset());
    this.job = config.job();
    this.configuration = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    this.identity = identity();
    Commit.prepare(request.out(), configuration.value());
  }

  /** Prints the resolved configuration and how much there will be. */
  ExitCode describe(PrintStream out) {
    out.println(Presets.readable(request.config()));
    requireImages();
    out.println(summary());
    Row image = ImageTable.row(request.images().get(0), loader());
    FilePlan plan = FilePlan.make(total(), List.of(image), this::bytesOfPair, job.output());
    out.println(plan.describe());
    out.println("fingerprint: " + identity.fingerprint() + ", of " + identity.results());
    return ExitCode.DONE;
  }

  /** Computes what is not committed yet. */
  ExitCode execute(StartMode start) {
    try (RunDirectory run = new RunDirectory(request.out(), configuration.value())) {
      return execute(run, start);
    }
  }

  private ExitCode execute(RunDirectory run, StartMode start) {
    if (!start.keeps()) {
      requireImages();
    }

    boolean begun = run.claim(identity, start, spark.sparkContext(), log);
    log.println(summary());

    if (!begun) {
      run.writeIdentity(identity);
    }

    Set<Integer> again = Set.of();

    if (start == StartMode.RETRY_FAILED) {
      SynthesisRetry retry =
          new SynthesisRetry(spark, run, request, job.reading(), configuration, log);
      again = run.read(FilePlan.FILE).map(FilePlan::parse).map(retry::prepare).orElse(again);
    }

    Dataset<Row> images = images(run);
    FilePlan plan = plan(run, images);
    log.println(plan.describe());
    Map<Integer, Integer> pairs = run.takeOver(TABLE);
    Set<Integer> committed = new HashSet<>(pairs.keySet());
    committed.removeAll(again);

    if (begun) {
      log.printf("resumed: %d of %d chunks committed%n", committed.size(), plan.chunks());
    }

    Map<Integer, Integer> fields = request.fields() ? run.generations(FIELDS) : pairs;

    if (committed.size() < plan.chunks() || !fields.equals(pairs)) {
      compute(run, plan, images, committed, pairs, fields);
    }

    return finish(run, plan, images);
  }

  private void requireImages() {
    new ImageCheck("images", request.maxFailedFraction())
        .require(
            request.images().stream().map(ImageList.Entry::files).toList(),
            request.images().size(),
            new HadoopFileStore(configuration.value()),
            log);
  }

  private void compute(
      RunDirectory run,
      FilePlan plan,
      Dataset<Row> images,
      Set<Integer> committed,
      Map<Integer, Integer> pairs,
      Map<Integer, Integer> fields) {
    LongAccumulator done = spark.sparkContext().longAccumulator("pairs done");
    LongAccumulator failed = spark.sparkContext().longAccumulator("pairs failed");
    JavaRDD<Row> recipes = recipes(images, plan.files());
    long open = total() * (plan.chunks() - committed.size()) / plan.chunks();

    try (Progress progress = new Progress("pairs", log, done, failed, open)) {
      Chunks.compute(
          spark.sparkContext(),
          run,
          progress,
          TABLE,
          plan.chunks(),
          plan.files(),
          chunk -> {
            if (!committed.contains(chunk)) {
              PairRows rows = new PairRows(pairsText, request, job, configuration, done, failed);
              pairs.put(chunk, run.chunk(TABLE, chunk).write(rows(plan, recipes, chunk, rows)));
            }

            if (request.fields() && fields.getOrDefault(chunk, -1) < pairs.get(chunk)) {
              FieldTable.write(spark, run, chunk, pairs.get(chunk));
            }
          });
    }
  }

  private Dataset<Row> rows(FilePlan plan, JavaRDD<Row> recipes, int chunk, PairRows rows) {
    JavaRDD<Row> part =
        PartitionPruningRDD.create(recipes.rdd(), new ChunkFilter(chunk, plan.chunkFiles()))
            .toJavaRDD();
    return spark.createDataFrame(part.mapPartitions(rows::finish), PairTable.SCHEMA);
  }

  /** Recipes with one partition per file, each sorted by key. */
  private JavaRDD<Row> recipes(Dataset<Row> images, int files) {
    PairRows rows = new PairRows(pairsText, request, job, configuration, null, null);
    JavaRDD<Row> drawn = images.javaRDD().mapPartitions(part -> rows.draw(part, files));
    return spark
        .createDataFrame(drawn, WITH_FILE)
        .repartitionById(files, functions.col("file"))
        .sortWithinPartitions("shuffle_key", "pair_id")
        .drop("file")
        .javaRDD();
  }

  private Dataset<Row> images(RunDirectory run) {
    Chunk chunk = run.chunk("images", 0);

    if (run.takeOver("images").isEmpty()) {
      spark.sparkContext().setJobDescription("reading images");
      LongAccumulator read = spark.sparkContext().longAccumulator("images read");
      LongAccumulator failed = spark.sparkContext().longAccumulator("images failed");
      try (Progress progress = new Progress("images", log, read, failed, request.images().size())) {
        progress.stage("reading images");
        ImageRows rows = new ImageRows(configuration, job.reading(), read, failed);
        chunk.write(rows.of(request.images(), spark));
      }
    }

    int tasks = Math.max(spark.sparkContext().defaultParallelism(), 1);
    return chunk.read(spark, ImageTable.SCHEMA).repartition(tasks * 2);
  }

  private FilePlan plan(RunDirectory run, Dataset<Row> images) {
    return run.read(FilePlan.FILE)
        .map(FilePlan::parse)
        .orElseGet(
            () -> {
              List<Row> sample =
                  images.where("status = 'ok'").orderBy("image_id").limit(8).collectAsList();
              FilePlan plan = FilePlan.make(total(), sample, this::bytesOfPair, job.output());
              run.write(FilePlan.FILE, plan.toJson());
              return plan;
            });
  }

  private long bytesOfPair(Row image) {
    return new PairRows(pairsText, request, job, configuration, null, null).bytes(image);
  }

  private ExitCode finish(RunDirectory run, FilePlan plan, Dataset<Row> images) {
    run.settle(List.of("images", TABLE, FIELDS));
    Dataset<Row> table =
        ParquetTables.read(spark, PairTable.SCHEMA, run.table(TABLE)).drop("chunk");
    SynthesisReport report = SynthesisReport.of(table, images, run.bytes(TABLE));

    if (report.pairs() != total()) {
      throw new IllegalStateException(
          "The pairs table has %d rows, expected %d".formatted(report.pairs(), total()));
    }

    if (run.manifest().isEmpty()) {
      report = report.with(PairSheet.draw(run, table, job, configuration.value()));
      run.replace("report.json", report.toJson().getBytes(StandardCharsets.UTF_8));
      run.writeManifest(manifest(plan, report));
    }

    log.print(report.text());
    Orientations.note(images, request.config()).ifPresent(log::println);
    log.printf(
        "done: %s, %d failed, digest %s, in %s%n",
        Counted.of(report.pairs(), "pairs"), report.failed(), report.digest(), run.uri());
    log.println("contact sheet: " + run.table(PairSheet.FILE));
    return new FailureReport("pairs", "pair_id", request.maxFailedFraction())
        .report(new FailureReport.Tally(report.pairs(), report.failures()), table, log);
  }

  private RunManifest manifest(FilePlan plan, SynthesisReport report) {
    List<String> tables = new ArrayList<>(List.of("images", TABLE));

    if (request.fields()) {
      tables.add("fields");
    }

    return new RunManifest(
        RunManifest.FORMAT,
        "SyntheticPairJob",
        identity.fingerprint(),
        Map.of(
            "images", request.address(),
            "preset", request.preset(),
            "materialise", request.materialise().name().toLowerCase(Locale.ROOT),
            "seed", String.valueOf(request.seed()),
            "digest", report.digest()),
        Presets.canonical(request.config()),
        Map.of(
            "pairs", report.pairs(),
            "failed", report.failed(),
            "images", (long) request.images().size()),
        plan.chunks(),
        tables,
        identity.versions(spark));
  }

  private long total() {
    return (long) request.images().size() * request.pairsPerImage();
  }

  private ObjectLoader loader() {
    return new ObjectLoader(configuration.value(), job.reading());
  }

  private String summary() {
    return "plan: %s of %s, preset %s, %s"
        .formatted(
            Counted.of(total(), "pairs"),
            Counted.of(request.images().size(), "images"),
            request.preset(),
            request.materialise() == Materialise.PIXELS ? "as pixels" : "as recipes");
  }

  private RunIdentity identity() {
    String results = ResultNumber.text(ImageTable.RESULTS, PairTable.RESULTS, FieldTable.RESULTS);
    Fingerprint fingerprint =
        new Fingerprint()
            .add(results)
            .add(Presets.canonical(request.config()))
            .add(request.seed(), request.pairsPerImage(), request.materialise());
    request.images().forEach(image -> fingerprint.add(image.id(), image.mask()));
    return new RunIdentity(fingerprint.hex(), results);
  }
}
