package org.denseflow.jobs.synthesis;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.ConfigBinder;
import org.denseflow.config.JobConfig;
import org.denseflow.config.Presets;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.run.Chunk;
import org.denseflow.jobs.run.ChunkedJob;
import org.denseflow.jobs.run.ChunkedTable;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.FailureReport;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.ImageCheck;
import org.denseflow.jobs.run.JobSetup;
import org.denseflow.jobs.run.ObjectLoader;
import org.denseflow.jobs.run.Orientations;
import org.denseflow.jobs.run.Progress;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunIdentity;
import org.denseflow.jobs.run.StartMode;
import org.denseflow.jobs.synthesis.PairRequest.Materialise;
import org.denseflow.synthesis.PairParameters;

/**
 * One run of SyntheticPairJob. Three steps: every image is read once ({@code images} table);
 * recipes are drawn and shuffled into files by their keys; chunk by chunk of files they are
 * written, with rendered views where pixels are asked for. Which file a pair lies in follows from
 * its key, so rows do not depend on partitions, executors or retries.
 */
final class SyntheticPairRun implements ChunkedJob {
  private static final String TABLE = PairTable.RESULTS.name();
  private static final String FIELDS = FieldTable.RESULTS.name();
  private static final StructType WITH_FILE =
      new StructType().add("file", DataTypes.IntegerType).merge(PairTable.SCHEMA, false);

  private final SparkSession spark;
  private final PairRequest request;
  private final PrintStream log;
  private final String pairsText;
  private final PairJobParameters job;
  private final JobSetup setup;
  private final SerializableConfiguration configuration;
  private Dataset<Row> images;
  private FilePlan plan;
  private Set<Integer> again = Set.of();
  private PairRows rows;
  private JavaRDD<Row> recipes;
  private SynthesisReport report;

  SyntheticPairRun(SparkSession spark, PairRequest request, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.log = log;
    JobConfig<PairJobParameters> config = JobConfig.of(request.config(), PairJobParameters.class);
    ConfigBinder.bind(config.preset(), PairParameters.class);
    this.pairsText = Presets.canonical(config.preset());
    this.job = config.job();
    this.configuration = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    this.setup =
        new JobSetup(spark, log, "SyntheticPairJob", request.out(), request.config(), identity());
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

  @Override
  public JobSetup setup() {
    return setup;
  }

  @Override
  public ChunkedTable table() {
    return new ChunkedTable(
        TABLE, PairTable.SCHEMA, "pairs", "pair_id", request.maxFailedFraction());
  }

  @Override
  public List<String> before() {
    return List.of(ImageTable.RESULTS.name());
  }

  @Override
  public List<String> derived() {
    return request.fields() ? List.of(FIELDS) : List.of();
  }

  @Override
  public void check() {
    setup.requireImages(
        new ImageCheck("images", request.maxFailedFraction()),
        request.images().stream().map(ImageList.Entry::files).toList(),
        request.images().size());
  }

  @Override
  public void describe(PrintStream out) {
    out.println(summary());
    ObjectLoader loader = new ObjectLoader(configuration.value(), job.reading());
    Row image = ImageTable.row(request.images().get(0), loader);
    out.println(FilePlan.make(total(), List.of(image), rows(null)::bytes, job.output()).describe());
  }

  private String summary() {
    return "plan: %s of %s, preset %s, %s"
        .formatted(
            Counted.of(total(), "pairs"),
            Counted.of(request.images().size(), "images"),
            request.preset(),
            request.materialise() == Materialise.PIXELS ? "as pixels" : "as recipes");
  }

  private long total() {
    return (long) request.images().size() * request.pairsPerImage();
  }

  private PairRows rows(Counters counters) {
    return new PairRows(pairsText, request, job, configuration, counters);
  }

  @Override
  public List<Long> open(RunDirectory run, StartMode start, Counters counters) {
    log.println(summary());
    rows = rows(counters);

    if (start == StartMode.RETRY_FAILED) {
      SynthesisRetry retry =
          new SynthesisRetry(spark, run, request, job.reading(), configuration, log);
      again = run.read(FilePlan.FILE).map(FilePlan::parse).map(retry::prepare).orElse(again);
    }

    images = images(run);
    plan = run.read(FilePlan.FILE).map(FilePlan::parse).orElseGet(() -> plan(run));
    log.println(plan.describe());
    return IntStream.range(0, plan.chunks()).mapToObj(this::about).toList();
  }

  private Dataset<Row> images(RunDirectory run) {
    Chunk chunk = run.chunk("images", 0);

    if (run.takeOver("images").isEmpty()) {
      spark.sparkContext().setJobDescription("reading images");
      Counters counters = Counters.of(spark.sparkContext(), "images");
      int count = request.images().size();

      try (Progress progress =
          new Progress("images", log, counters.done(), counters.failed(), count)) {
        progress.stage("reading images");
        ImageRows read = new ImageRows(configuration, job.reading(), counters);
        chunk.write(read.of(request.images(), spark));
      }
    }

    int tasks = Math.max(spark.sparkContext().defaultParallelism(), 1);
    return chunk.read(spark, ImageTable.SCHEMA).repartition(tasks * 2);
  }

  private FilePlan plan(RunDirectory run) {
    List<Row> sample = images.where("status = 'ok'").orderBy("image_id").limit(8).collectAsList();
    FilePlan made = FilePlan.make(total(), sample, rows::bytes, job.output());
    run.write(FilePlan.FILE, made.toJson());
    return made;
  }

  /** Pairs of a chunk, about: which of them lie there follows from their keys. */
  private long about(int chunk) {
    return total() * (chunk + 1) / plan.chunks() - total() * chunk / plan.chunks();
  }

  @Override
  public int tasks() {
    return plan.files();
  }

  @Override
  public Map<Integer, Long> failed(RunDirectory run, Set<Integer> committed) {
    return again.stream().collect(Collectors.toMap(chunk -> chunk, this::about));
  }

  @Override
  public Dataset<Row> rows(int chunk) {
    JavaRDD<Row> part =
        PartitionPruningRDD.create(recipes().rdd(), new ChunkFilter(chunk, plan.chunkFiles()))
            .toJavaRDD();
    return spark.createDataFrame(part.mapPartitions(rows::finish), PairTable.SCHEMA);
  }

  /** Recipes with one partition per file, each sorted by key, drawn and shuffled once. */
  private synchronized JavaRDD<Row> recipes() {
    if (recipes == null) {
      PairRows draw = rows;
      int files = plan.files();
      JavaRDD<Row> drawn = images.javaRDD().mapPartitions(part -> draw.draw(part, files));
      recipes =
          spark
              .createDataFrame(drawn, WITH_FILE)
              .repartitionById(files, functions.col("file"))
              .sortWithinPartitions("shuffle_key", "pair_id")
              .drop("file")
              .javaRDD();
    }

    return recipes;
  }

  /** All of its rows: those that did not fail come out as they were. */
  @Override
  public Dataset<Row> mended(int chunk, Dataset<Row> before) {
    return rows(chunk);
  }

  @Override
  public void derive(RunDirectory run, String table, int chunk, int generation) {
    FieldTable.write(spark, run, chunk, generation);
  }

  @Override
  public Findings find(RunDirectory run, Dataset<Row> all, FailureReport.Tally tally) {
    Dataset<Row> table = all.drop("chunk");
    report = SynthesisReport.of(table, images, run.bytes(TABLE), tally);

    if (run.manifest().isEmpty()) {
      report = report.with(PairSheet.draw(run, table, job, configuration.value()));
      run.replace("report.json", report.toJson().getBytes(StandardCharsets.UTF_8));
    }

    return new Findings(
        Map.of(
            "images", request.address(),
            "preset", request.preset(),
            "materialise", request.materialise().name().toLowerCase(Locale.ROOT),
            "seed", String.valueOf(request.seed()),
            "digest", report.digest()),
        Map.of("images", (long) request.images().size()),
        ", digest " + report.digest());
  }

  @Override
  public void finish(RunDirectory run, Dataset<Row> all) {
    log.print(report.text());
  }

  @Override
  public Stream<String> notes(RunDirectory run, Dataset<Row> all) {
    return Stream.concat(
        Orientations.note(images, request.config()).stream(),
        Stream.of("contact sheet: " + run.table(PairSheet.FILE)));
  }
}
