package org.denseflow.jobs.run;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.flow.ContactSheet;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.plan.Plan;
import org.denseflow.jobs.plan.Planner;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.matcher.Matchers;
import org.denseflow.matcher.MethodConfig;
import org.denseflow.schemas.ConfigBinder;
import org.denseflow.schemas.JobConfig;
import org.denseflow.schemas.Presets;
import org.denseflow.schemas.RunManifest;

/**
 * One run of DenseFlowJob: plan, chunks, derived tables, manifest. A chunk is one Spark write into
 * its own directory and counts once its {@code _SUCCESS} exists; nothing committed is written
 * again.
 */
final class FlowRun {
  private static final int SHEET_ROWS = 8;
  private static final int SHEET_CELL = 180;

  private final SparkSession spark;
  private final RunRequest request;
  private final PrintStream log;
  private final MethodConfig method;
  private final JobParameters parameters;
  private final String methodText;
  private final String weightDigest;
  private final String fingerprint;
  private final SerializableConfiguration configuration;

  FlowRun(SparkSession spark, RunRequest request, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.log = log;
    JobConfig<JobParameters> config = JobConfig.of(request.config(), JobParameters.class);
    this.method = ConfigBinder.bind(config.preset(), MethodConfig.class);
    this.parameters = config.job();
    this.methodText = Presets.canonical(config.preset());
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Commit.prepare(request.out(), hadoop);
    this.weightDigest =
        Matchers.validate(
            method,
            WeightFiles.local(request.weights(), hadoop),
            WeightFiles.local(request.model(), hadoop));
    this.fingerprint = fingerprint();
    this.configuration = new SerializableConfiguration(hadoop);
  }

  /** Prints the resolved configuration, the plan and the estimated size. */
  ExitCode describe(PrintStream out) {
    Plan plan = new Planner(parameters.plan()).plan(request.pairs());
    out.println(Presets.readable(request.config()));
    out.println(summary(plan));
    long cells = method.image().width() / 16L * (method.image().height() / 16L);
    out.printf(
        "estimated output: about %.1f MiB of flows at stride 16%n",
        plan.pairs() * (cells * 13.0 + 400) / (1 << 20));
    out.println("fingerprint: " + fingerprint);
    return ExitCode.DONE;
  }

  /** Computes what is not committed yet. */
  ExitCode execute(boolean resume) {
    RunDirectory run = new RunDirectory(request.out(), configuration.value());
    Plan plan = plan(run, resume);
    log.println(summary(plan));
    LongAccumulator done = spark.sparkContext().longAccumulator("pairs done");
    LongAccumulator failed = spark.sparkContext().longAccumulator("pairs failed");
    List<Integer> committed = run.committedChunks("flows", plan.chunks());

    if (resume) {
      log.printf("resumed: %d of %d chunks are committed%n", committed.size(), plan.chunks());
    }

    long open =
        plan.tiles().stream()
            .filter(tile -> !committed.contains(tile.chunk()))
            .mapToLong(tile -> tile.pairs().size())
            .sum();

    try (Progress progress = new Progress(log, done, failed, open)) {
      for (int chunk = 0; chunk < plan.chunks(); chunk++) {
        progress.stage("chunk %d/%d".formatted(chunk + 1, plan.chunks()));

        if (!committed.contains(chunk)) {
          compute(run, plan, chunk, done, failed);
        }

        for (String table : request.tables()) {
          if (!run.committed(table, chunk)) {
            Derived.write(spark, run, table, chunk, parameters.limits(), configuration);
          }
        }
      }
    }

    return finish(run, plan);
  }

  private void compute(
      RunDirectory run, Plan plan, int chunk, LongAccumulator done, LongAccumulator failed) {
    List<Tile> tiles = plan.chunk(chunk);
    spark
        .sparkContext()
        .setJobDescription("flows chunk %d of %d".formatted(chunk + 1, plan.chunks()));
    TileContext context =
        new TileContext(
            fingerprint,
            methodText,
            method.method(),
            method.backbone().name(),
            request.weights(),
            request.model(),
            weightDigest,
            parameters.limits());
    JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());
    JavaRDD<Row> rows =
        java.parallelize(tiles, tiles.size())
            .flatMap(new TileMatching(context, configuration, done, failed));
    spark
        .createDataFrame(rows, FlowTable.SCHEMA)
        .write()
        .mode(SaveMode.Overwrite)
        .options(FlowTable.PARQUET)
        .parquet(run.chunk("flows", chunk));
    Commit.verify(run, "flows", chunk);
  }

  private Plan plan(RunDirectory run, boolean resume) {
    if (run.begun(fingerprint, resume)) {
      return PlanTable.read(spark, run.table("plan"));
    }

    Plan plan = new Planner(parameters.plan()).plan(request.pairs());
    PlanTable.write(spark, plan, run.table("plan"));
    run.writeFingerprint(fingerprint);
    return plan;
  }

  private ExitCode finish(RunDirectory run, Plan plan) {
    Dataset<Row> flows = spark.read().schema(FlowTable.SCHEMA).parquet(run.table("flows"));
    long pairs = flows.count();
    long failed = flows.where("status = 'failed'").count();
    long fallbacks = flows.where("fallback").count();

    if (pairs != plan.pairs()) {
      throw new IllegalStateException(
          "The flows table has %d rows, the plan %d pairs".formatted(pairs, plan.pairs()));
    }

    List<String> tables = new ArrayList<>(List.of("flows"));
    tables.addAll(request.tables());

    if (run.manifest().isEmpty()) {
      run.writeManifest(manifest(plan, pairs, failed, fallbacks, tables));
    }

    if (request.tables().contains("png")) {
      sheet(run, flows);
    }

    log.printf(
        "done: %d pairs, %d failed, %d by fallback, in %s%n", pairs, failed, fallbacks, run.uri());

    if (failed > 0) {
      flows
          .where("status = 'failed'")
          .groupBy("error_code")
          .count()
          .orderBy("error_code")
          .collectAsList()
          .forEach(row -> log.printf("  failed with %s: %d pairs%n", row.get(0), row.getLong(1)));
    }

    return failed > request.maxFailedFraction() * pairs ? ExitCode.TOO_MANY_FAILED : ExitCode.DONE;
  }

  private RunManifest manifest(
      Plan plan, long pairs, long failed, long fallbacks, List<String> tables) {
    return new RunManifest(
        RunManifest.FORMAT,
        "DenseFlowJob",
        fingerprint,
        Map.of(
            "dataset", request.dataset(),
            "method", method.method(),
            "backbone", method.backbone().name(),
            "weight-digest", weightDigest,
            "seed", String.valueOf(request.seed())),
        Presets.canonical(request.config()),
        Map.of(
            "pairs", pairs,
            "failed", failed,
            "fallbacks", fallbacks,
            "images", plan.images(),
            "described", plan.described()),
        plan.chunks(),
        tables,
        Versions.list(spark));
  }

  /** A few pairs of every category, for people to look at. */
  private void sheet(RunDirectory run, Dataset<Row> flows) {
    List<Row> keys =
        flows
            .where("status = 'ok'")
            .select("pair_id", "category")
            .orderBy("pair_id")
            .collectAsList();
    List<String> chosen = Sheet.choose(keys, SHEET_ROWS);
    Derived.ImageCache images = new Derived.ImageCache(configuration.value(), parameters.limits());
    List<List<RgbImage>> rows = new ArrayList<>();

    for (Row row :
        flows
            .where(org.apache.spark.sql.functions.col("pair_id").isin(chosen.toArray()))
            .orderBy("category", "pair_id")
            .collectAsList()) {
      rows.add(Derived.sheetRow(row, images.of(row)));
    }

    RgbImage sheet =
        ContactSheet.draw(
            List.of("source", "target", "target warped", "overlay", "flow", "confidence"),
            rows,
            SHEET_CELL);
    run.replace("contact-sheet.png", ImageEncoder.png(sheet));
    log.println("contact sheet: " + run.table("contact-sheet.png"));
  }

  private String summary(Plan plan) {
    long images = plan.images();
    return ("plan: %d pairs over %d images, %d tiles in %d chunks; images described %d"
            + " (%.2f per distinct image); at most %d images in a task's memory")
        .formatted(
            plan.pairs(),
            images,
            plan.tiles().size(),
            plan.chunks(),
            plan.described(),
            (double) plan.described() / Math.max(1, images),
            plan.largestTile());
  }

  private String fingerprint() {
    Fingerprint fingerprint =
        new Fingerprint()
            .add(Presets.canonical(request.config()))
            .add(weightDigest)
            .add(request.seed());
    request.pairs().forEach(p -> fingerprint.add(p.pairId(), p.source(), p.target()));
    return fingerprint.hex();
  }
}
