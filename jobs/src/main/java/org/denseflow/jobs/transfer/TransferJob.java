package org.denseflow.jobs.transfer;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.JobConfig;
import org.denseflow.jobs.plan.PlanParameters;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.jobs.run.Chunk;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.FeatureSettings;
import org.denseflow.jobs.run.FeatureStore;
import org.denseflow.jobs.run.FeatureStoreOption;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.PairFiles;
import org.denseflow.jobs.run.PairJob;
import org.denseflow.jobs.run.Precision;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunRequest;
import org.denseflow.jobs.run.TileContext;

/** AttributeTransferJob: each pair's source with the target's attributes. */
final class TransferJob implements PairJob {
  /** Derived tables: the column that a file is made of, and how its name ends. */
  static final Map<String, List<String>> FILES =
      Map.of("png", List.of("stylised_png", ".png"), "strip", List.of("strip_png", ".strip.png"));

  private final SparkSession spark;
  private final MatcherChoice matcher;
  private final TransferChoice choice;
  private final TransferParameters parameters;
  private final FeatureStore storeOrNull;
  private final FeatureSettings kept;
  private final PrintStream log;
  private final SerializableConfiguration configuration;

  TransferJob(
      SparkSession spark,
      RunRequest request,
      String codec,
      boolean masked,
      FeatureStoreOption features,
      PrintStream log) {
    this.log = log;
    this.spark = spark;
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    JobConfig<TransferParameters> config = JobConfig.of(request.config(), TransferParameters.class);
    this.parameters = config.job();
    this.matcher = MatcherChoice.of(config.preset(), request.files(), hadoop);
    matcher.method().requireCells();
    this.storeOrNull = features.open(spark.sparkContext(), matcher, parameters.reading());
    this.kept = parameters.features().orElse(FeatureSettings.DEFAULT);

    if (kept.precision() == Precision.HALF) {
      matcher.method().requireNarrowable();
    }

    this.choice = TransferChoice.of(request.config(), codec, masked, hadoop);
    this.configuration = new SerializableConfiguration(hadoop);
  }

  @Override
  public String name() {
    return "AttributeTransferJob";
  }

  @Override
  public String table() {
    return "stylised";
  }

  @Override
  public StructType schema() {
    return StylisedTable.SCHEMA;
  }

  @Override
  public MatcherChoice matcher() {
    return matcher;
  }

  @Override
  public PlanParameters plan() {
    return parameters.plan();
  }

  @Override
  public String results() {
    return ResultNumber.text(StylisedTable.RESULTS, ResultNumber.of(matcher.method()));
  }

  @Override
  public String digest() {
    return new Fingerprint()
        .add(matcher.digest(), choice.codecDigest(), choice.masked() ? "masked" : "")
        .hex();
  }

  @Override
  public String estimate(long pairs) {
    return "at most about %.1f MiB of images"
        .formatted(pairs * (double) bytesPerPair() / (1 << 20));
  }

  /** A stylised image, at most. */
  @Override
  public long bytesPerPair() {
    long side = parameters.transfer().size();
    return 2 * side * side;
  }

  @Override
  public FlatMapFunction<Tile, Row> task(String fingerprint, Counters counters) {
    TileContext context =
        TileContext.of(
            fingerprint, parameters.reading(), parameters.task(), configuration, storeOrNull);
    return new TransferTask(context, matcher, choice, kept, counters);
  }

  @Override
  public void derive(RunDirectory run, String table, int chunk, int generation) {
    List<String> file = FILES.get(table);
    Chunk files = run.chunk(table, chunk);
    String to = files.uri();
    SerializableConfiguration storage = configuration;
    run.chunk(table(), chunk)
        .read(spark, StylisedTable.SCHEMA)
        .where("status = 'ok'")
        .select("pair_id", file.get(0))
        .javaRDD()
        .foreach(
            row ->
                PairFiles.save(
                    to,
                    row.getString(0),
                    Map.of(file.get(1), row.<byte[]>getAs(1)),
                    storage.value()));
    files.mark(generation);
  }

  @Override
  public Optional<String> note() {
    return FeatureStore.note(matcher.note(), storeOrNull);
  }

  @Override
  public Map<String, String> inputs() {
    Map<String, String> inputs = FeatureStore.inputs(matcher.inputs(), storeOrNull);
    inputs.put("codec-digest", choice.codecDigest());
    inputs.put("mask", choice.masked() ? "source" : "none");
    return inputs;
  }

  @Override
  public void finish(RunDirectory run, Dataset<Row> rows) {
    if (storeOrNull != null) {
      log.println(storeOrNull.summary());
    }
  }
}
