package org.denseflow.jobs.flow;

import com.typesafe.config.Config;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.JobConfig;
import org.denseflow.flow.ContactSheet;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.jobs.plan.PlanParameters;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.FeatureStore;
import org.denseflow.jobs.run.FeatureStoreOption;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.MatcherFiles;
import org.denseflow.jobs.run.PairJob;
import org.denseflow.jobs.run.Precision;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.TileContext;
import org.denseflow.matcher.Decoding;
import org.denseflow.method.ConfiguredMethod;

/** DenseFlowJob: the flow of each pair, and on request what is made of flows. */
final class FlowJob implements PairJob {
  private static final int SHEET_ROWS = 8;
  private static final int SHEET_CELL = 180;

  private final SparkSession spark;
  private final NearestImages nearest;
  private final PrintStream log;
  private final FlowParameters parameters;
  private final MatcherChoice matcher;
  private final FeatureStore storeOrNull;
  private final SerializableConfiguration configuration;

  FlowJob(
      SparkSession spark,
      Config all,
      MatcherFiles files,
      FeatureStoreOption features,
      PrintStream log) {
    this.spark = spark;
    this.log = log;
    JobConfig<FlowParameters> config = JobConfig.of(all, FlowParameters.class);
    this.parameters = config.job();
    this.configuration = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());

    if (parameters.features().precision() == Precision.HALF && !features.isGiven()) {
      ConfiguredMethod.of(config.preset()).requireNarrowable();
    }

    this.matcher = MatcherChoice.of(config.preset(), files, configuration.value());
    this.storeOrNull = features.open(spark.sparkContext(), matcher, parameters.reading());
    this.nearest =
        new NearestImages(spark, matcher, parameters.reading(), parameters.features(), storeOrNull);
  }

  /** What chooses pairs by the features of images. */
  NearestImages nearest() {
    return nearest;
  }

  @Override
  public String name() {
    return "DenseFlowJob";
  }

  @Override
  public String table() {
    return "flows";
  }

  @Override
  public StructType schema() {
    return FlowTable.SCHEMA;
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
    return ResultNumber.text(
        FlowTable.RESULTS,
        DerivedOutputs.WARPS_RESULTS,
        DerivedOutputs.FLO_RESULTS,
        DerivedOutputs.PNG_RESULTS,
        ResultNumber.of(matcher.method()));
  }

  @Override
  public Optional<String> note() {
    return FeatureStore.note(matcher.note(), storeOrNull);
  }

  @Override
  public String estimate(long pairs) {
    if (matcher.config().decoding() == Decoding.PIXELS) {
      return "13 bytes for each pixel of a pair's source, at most 13 MiB a pair";
    }

    return "about %.1f MiB of flows at stride 16"
        .formatted(pairs * (double) bytesPerPair() / (1 << 20));
  }

  /** Three numbers and a byte a cell, or a pixel, and what else is in a row. */
  @Override
  public long bytesPerPair() {
    long stride = matcher.config().decoding() == Decoding.PIXELS ? 1 : 16;
    WorkingSize image = matcher.config().image();
    long cells = (image.width() / stride) * (image.height() / stride);
    return cells * 13 + 400;
  }

  @Override
  public FlatMapFunction<Tile, Row> task(String fingerprint, Counters counters) {
    TileContext context =
        TileContext.of(
            fingerprint, parameters.reading(), parameters.task(), configuration, storeOrNull);
    return new TileMatching(
        context, matcher, parameters.features(), parameters.flows().precision(), counters);
  }

  @Override
  public void derive(RunDirectory run, String table, int chunk, int generation) {
    DerivedOutputs.write(spark, run, table, chunk, generation, parameters.reading(), configuration);
  }

  @Override
  public Map<String, String> inputs() {
    return FeatureStore.inputs(matcher.inputs(), storeOrNull);
  }

  @Override
  public Map<String, Long> counts(Dataset<Row> rows) {
    return Map.of("fallbacks", rows.where("fallback").count());
  }

  @Override
  public void begin(RunDirectory run) {
    nearest.begin(run);
  }

  /** A few pairs of every category, for people to look at. */
  @Override
  public void finish(RunDirectory run, Dataset<Row> flows) {
    if (storeOrNull != null) {
      log.println(storeOrNull.summary());
    }

    if (!run.has("png")) {
      return;
    }

    List<Row> keys =
        flows
            .where("status = 'ok'")
            .select("pair_id", "category")
            .orderBy("pair_id")
            .collectAsList();
    List<String> chosen = ContactSheetPairs.choose(keys, SHEET_ROWS);
    DerivedOutputs.ImageCache images =
        new DerivedOutputs.ImageCache(configuration.value(), parameters.reading());
    List<List<RgbImage>> rows = new ArrayList<>();

    for (Row row :
        flows
            .where(org.apache.spark.sql.functions.col("pair_id").isin(chosen.toArray()))
            .orderBy("category", "pair_id")
            .collectAsList()) {
      rows.add(DerivedOutputs.sheetRow(row, images.of(row)));
    }

    RgbImage sheet =
        ContactSheet.draw(
            List.of("source", "target", "target warped", "overlay", "flow", "confidence"),
            rows,
            SHEET_CELL);
    run.replace("contact-sheet.png", ImageEncoder.png(sheet));
    log.println("contact sheet: " + run.table("contact-sheet.png"));
  }
}
