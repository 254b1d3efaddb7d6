package org.denseflow.jobs.describe;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.udf;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.JobConfig;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.run.ChunkedJob;
import org.denseflow.jobs.run.ChunkedTable;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.FailureReport;
import org.denseflow.jobs.run.FeaturePlan;
import org.denseflow.jobs.run.FeatureStore;
import org.denseflow.jobs.run.FeatureTable;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.ImageCheck;
import org.denseflow.jobs.run.JobSetup;
import org.denseflow.jobs.run.Orientations;
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunIdentity;
import org.denseflow.jobs.run.StartMode;
import org.denseflow.jobs.synthesis.ChunkFilter;
import org.denseflow.matcher.AnyMatcher;
import org.denseflow.matcher.ImageFeatures;

/**
 * One run of DescribeJob. The images are divided into files by a hash of their URIs, and each file
 * is made by one task, sorted by URI; a chunk is some of these files.
 */
final class DescribeRun implements ChunkedJob {
  private static final String TABLE = FeatureTable.RESULTS.name();

  /** Images that are looked for before any is described. */
  private static final int LOOKED_AT = 5000;

  private final SparkSession spark;
  private final DescribeRequest request;
  private final DescribeParameters job;
  private final SerializableConfiguration configuration;
  private final Map<String, String> features;
  private final long images;
  private final JobSetup setup;
  private FeaturePlan plan;
  private JavaRDD<String> files;
  private DescribeTask task;

  DescribeRun(SparkSession spark, DescribeRequest request, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.job = JobConfig.of(request.config(), DescribeParameters.class).job();
    this.configuration = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    this.features = FeatureStore.identity(request.matcher(), job.reading(), configuration.value());
    Row list =
        request
            .images()
            .selectExpr("count(*)", "bit_xor(xxhash64(image))", "bit_xor(xxhash64(image, 1))")
            .first();
    this.images = list.getLong(0);
    Fingerprint digest = new Fingerprint().add(images, list.get(1), list.get(2));
    features.forEach(digest::add);
    this.setup =
        new JobSetup(
            spark,
            log,
            FeatureStore.JOB,
            request.out(),
            request.config(),
            new RunIdentity(digest.hex(), FeatureTable.RESULTS.toString()));
  }

  @Override
  public JobSetup setup() {
    return setup;
  }

  @Override
  public ChunkedTable table() {
    return new ChunkedTable(
        TABLE,
        FeatureTable.SCHEMA,
        FeatureTable.PARQUET,
        "images",
        "image",
        request.maxFailedFraction());
  }

  @Override
  public void check() {
    List<List<String>> some =
        request.images().orderBy(expr("xxhash64(image)")).limit(LOOKED_AT).collectAsList().stream()
            .map(row -> List.of(row.getString(0)))
            .toList();
    setup.requireImages(new ImageCheck("images", request.maxFailedFraction()), some, images);
  }

  @Override
  public void describe(PrintStream out) {
    tell(plan(), out);
  }

  private void tell(FeaturePlan planned, PrintStream out) {
    out.printf(
        "images: %s, described by %s as %s needs them%n",
        Counted.of(images, "images"),
        features.get("backbone"),
        request.matcher().config().method());
    request.matcher().note().ifPresent(out::println);
    out.println(planned.describe());
  }

  @Override
  public List<Long> open(RunDirectory run, StartMode start, Counters counters) {
    plan = plan(run);
    files = files(plan);
    task =
        new DescribeTask(
            setup.identity().fingerprint(),
            request.matcher(),
            job.reading(),
            job.store().readAhead(),
            configuration,
            counters);
    request.matcher().storeProjection(run, configuration.value());
    tell(plan, setup.log());
    int chunks = plan.chunks();
    return IntStream.range(0, chunks)
        .mapToObj(chunk -> images * (chunk + 1) / chunks - images * chunk / chunks)
        .toList();
  }

  @Override
  public int tasks() {
    return plan.files();
  }

  @Override
  public Map<Integer, Long> failed(RunDirectory run, Set<Integer> committed) {
    Map<Integer, Long> failed = new HashMap<>();

    if (!committed.isEmpty()) {
      ParquetTables.read(spark, FeatureTable.SCHEMA, run.table(TABLE))
          .where(col("chunk").isInCollection(committed))
          .groupBy("chunk")
          .agg(expr("count(*)"), expr("count_if(status = 'failed') AS failed"))
          .where("failed > 0")
          .collectAsList()
          .forEach(row -> failed.put(row.getInt(0), row.getLong(1)));
    }

    setup.log().printf("retried: %d of %d committed chunks%n", failed.size(), committed.size());

    if (!failed.isEmpty()) {
      run.reopen();
    }

    return failed;
  }

  @Override
  public Dataset<Row> rows(int chunk) {
    JavaRDD<String> own =
        PartitionPruningRDD.create(files.rdd(), new ChunkFilter(chunk, plan.chunkFiles()))
            .toJavaRDD();
    return spark.createDataFrame(own.mapPartitions(task), FeatureTable.SCHEMA);
  }

  /** All images of the chunk are described again: a file has its images sorted. */
  @Override
  public Dataset<Row> mended(int chunk, Dataset<Row> before) {
    return rows(chunk);
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

  @Override
  public Findings find(RunDirectory run, Dataset<Row> rows, FailureReport.Tally tally) {
    Map<String, String> inputs = new TreeMap<>(features);
    inputs.put("method", request.matcher().config().method());
    inputs.put("images", request.address());
    return new Findings(inputs, Map.of(), ", %.1f MB".formatted(run.bytes(TABLE) / 1e6));
  }

  @Override
  public Stream<String> notes(RunDirectory run, Dataset<Row> rows) {
    return Orientations.note(rows, request.config()).stream();
  }
}
