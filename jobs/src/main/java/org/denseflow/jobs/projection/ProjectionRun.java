package org.denseflow.jobs.projection;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.backbone.BackboneIdentity;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.config.Presets;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.Versions;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.ImageFailure;
import org.denseflow.jobs.run.Job;
import org.denseflow.jobs.run.JobSetup;
import org.denseflow.jobs.run.MatcherChoice;
import org.denseflow.jobs.run.Orientations;
import org.denseflow.jobs.run.Progress;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunIdentity;
import org.denseflow.jobs.run.StartMode;
import org.denseflow.jobs.run.TensorFile;
import org.denseflow.matcher.FrozenFeatures;
import org.denseflow.matcher.MethodConfig;
import org.denseflow.matcher.TrainedModel;
import org.denseflow.matcher.projection.Moments;
import org.denseflow.matcher.projection.PrincipalComponents;
import org.denseflow.matcher.projection.Projection;
import org.denseflow.schemas.RunManifest;
import org.denseflow.weights.SafetensorsFile.Precision;

/**
 * One run of ProjectionJob. The sample is cut into at most {@value #BLOCKS} blocks, which tasks
 * describe side by side and whose moments are added in order: how many executors there are changes
 * no bit of the result, and the driver gets one covariance of each block and tap at most.
 */
final class ProjectionRun implements Job {
  /** The number of its projections. */
  static final ResultNumber RESULTS = new ResultNumber("projection", 1);

  private static final int BLOCKS = 16;
  private static final int FAILURES_SHOWN = 10;

  private final SparkSession spark;
  private final ProjectionRequest request;
  private final PrintStream log;
  private final SerializableConfiguration configuration;
  private final JobSetup setup;
  private final List<String> taps;

  ProjectionRun(SparkSession spark, ProjectionRequest request, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.log = log;
    this.configuration = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    this.taps = request.features().projectableTaps(configuration.value());
    String results = ResultNumber.text(RESULTS, ResultNumber.of(request.features().method()));
    Fingerprint digest =
        new Fingerprint()
            .add(results)
            .add(Presets.canonical(request.config()))
            .add(request.features().digest(), request.components(), request.seed());
    request.sample().forEach(digest::add);
    this.setup =
        new JobSetup(
            spark,
            log,
            "ProjectionJob",
            request.out(),
            request.config(),
            new RunIdentity(digest.hex(), results));
  }

  @Override
  public JobSetup setup() {
    return setup;
  }

  @Override
  public void describe(PrintStream out) {
    out.println(summary());
    request.features().note().ifPresent(out::println);
  }

  /** Computes the projection, unless it is there already. */
  @Override
  public ExitCode execute(RunDirectory run, StartMode start) {
    describe(log);

    if (run.manifest().isEmpty()) {
      compute(run);
    }

    log.println("projection: " + run.table(MatcherChoice.PROJECTION));
    return ExitCode.DONE;
  }

  private void compute(RunDirectory run) {
    SampleMoments sample = moments();
    report(sample.failures());

    if (sample.taps().isEmpty()) {
      throw new UsageException(
          "Cannot make a projection: no image of %s could be described, of %s"
              .formatted(request.address(), Counted.of(request.sample().size(), "images")));
    }

    Map<String, PrincipalComponents> taps = new TreeMap<>();
    sample
        .taps()
        .forEach(
            (tap, moments) -> taps.put(tap, PrincipalComponents.of(moments, request.components())));
    long described = request.sample().size() - sample.failures().size();
    Projection projection = new Projection(taps);
    run.checkClaim();
    TensorFile.write(
        new Path(run.table(MatcherChoice.PROJECTION)),
        projection.tensors(),
        metadata(described),
        Precision.SINGLE,
        configuration.value());
    List<VarianceRow> rows = VarianceRow.of(taps, request.components());
    run.replaceJson("summary.json", rows);
    long cells = sample.taps().values().stream().mapToLong(Moments::count).max().getAsLong();
    run.writeManifest(manifest(described, sample.failures().size(), cells));
    System.out.print(VarianceRow.table(rows));
  }

  private SampleMoments moments() {
    Counters counters = Counters.of(spark.sparkContext(), "images");
    LongAccumulator tagged = spark.sparkContext().longAccumulator("images with an EXIF tag");
    Reading reading = Reading.of(request.config());
    List<List<String>> blocks = blocks();
    SampleTask task =
        new SampleTask(
            setup.identity().fingerprint(),
            request.features(),
            reading,
            configuration,
            counters,
            tagged);
    spark.sparkContext().setJobDescription("describing the sample");
    SampleMoments all = new SampleMoments();

    int images = request.sample().size();

    try (Progress progress =
        new Progress("images", log, counters.done(), counters.failed(), images)) {
      progress.stage("describing");
      JavaSparkContext.fromSparkContext(spark.sparkContext())
          .parallelize(blocks, blocks.size())
          .map(task)
          .collect()
          .forEach(all::add);
    }

    Orientations.note(tagged.value(), reading.orientation()).ifPresent(log::println);
    return all;
  }

  private List<List<String>> blocks() {
    List<List<String>> blocks = new ArrayList<>();
    int images = request.sample().size();
    int size = (images + BLOCKS - 1) / BLOCKS;

    for (int from = 0; from < images; from += size) {
      blocks.add(List.copyOf(request.sample().subList(from, Math.min(from + size, images))));
    }

    return blocks;
  }

  /** Refuses more components than channels, of an image of nothing, before images are described. */
  @Override
  public void check() {
    WorkingSize size = request.features().config().image();
    RgbImage blank =
        new RgbImage(size.width(), size.height(), new byte[3 * size.width() * size.height()]);

    try (FrozenFeatures features =
        new FrozenFeatures(request.features().features(configuration.value()), size)) {
      for (FeatureMap map : features.maps(blank)) {
        try (map) {
          if (request.components() > map.channels()) {
            throw new UsageException(
                "Invalid --components: %d, but %s has %d channels at tap %s"
                    .formatted(
                        request.components(),
                        request.features().config().backbone().name(),
                        map.channels(),
                        map.tap()));
          }
        }
      }
    }
  }

  private void report(List<ImageFailure> failures) {
    failures.stream()
        .limit(FAILURES_SHOWN)
        .forEach(
            failure -> log.printf("  left out with %s: %s%n", failure.code(), failure.detail()));

    if (failures.size() > FAILURES_SHOWN) {
      log.printf("  and %d more%n", failures.size() - FAILURES_SHOWN);
    }
  }

  private Map<String, String> metadata(long described) {
    MethodConfig<?> config = request.features().config();
    String backbone = config.backbone().name();
    Map<String, String> metadata =
        TrainedModel.metadata(
            Projection.SYSTEM, new BackboneIdentity(backbone, taps, request.features().digest()));
    metadata.put("denseflow.image", config.image().toString());
    metadata.put("denseflow.images", String.valueOf(described));
    metadata.put("denseflow.sample-of", request.address());
    metadata.put("denseflow.seed", String.valueOf(request.seed()));
    metadata.put("denseflow.fingerprint", setup.identity().fingerprint());
    metadata.put("denseflow.versions", String.join(", ", Versions.list(spark)));
    return metadata;
  }

  private RunManifest manifest(long described, long failed, long cells) {
    Map<String, String> inputs = new TreeMap<>(request.features().inputs());
    inputs.put("images", request.address());
    inputs.put("components", String.valueOf(request.components()));
    inputs.put("seed", String.valueOf(request.seed()));
    return setup.manifest(
        inputs, Map.of("images", described, "failed", failed, "cells", cells), 0, List.of());
  }

  private String summary() {
    MethodConfig<?> config = request.features().config();
    return "sample: %s of %s; %s of %s at %dx%d"
        .formatted(
            Counted.of(request.sample().size(), "images"),
            request.address(),
            Counted.of(request.components(), "components"),
            config.backbone().name(),
            config.image().width(),
            config.image().height());
  }
}
