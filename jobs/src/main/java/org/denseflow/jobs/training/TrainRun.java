package org.denseflow.jobs.training;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.config.JobConfig;
import org.denseflow.config.Presets;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.Versions;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.Job;
import org.denseflow.jobs.run.JobSetup;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunIdentity;
import org.denseflow.jobs.run.StartMode;
import org.denseflow.method.ConfiguredSystem;
import org.denseflow.training.LearnerConfig;
import org.denseflow.training.LearnerFiles;
import org.denseflow.training.Trainer;
import org.denseflow.training.TrainerState;
import org.denseflow.training.TrainingParameters;

/**
 * One training: rounds of local steps on every worker, each round a barrier stage whose results are
 * averaged by a tree reduction (local SGD; with {@code averaging.steps = 1} synchronous). A worker
 * lost in a round repeats the round. The state lives on the driver between rounds.
 */
final class TrainRun implements Job {
  private final SparkSession spark;
  private final TrainRequest request;
  private final PrintStream log;
  private final ConfiguredSystem<?> system;
  private final LearnerFiles files;
  private final LearnerConfig<?> learner;
  private final TrainJobParameters job;
  private final SerializableConfiguration configuration;
  private final PairSources sources;
  private final JobSetup setup;
  private final TrainContext context;

  TrainRun(SparkSession spark, TrainRequest request, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.log = log;
    JobConfig<TrainJobParameters> config = JobConfig.of(request.config(), TrainJobParameters.class);
    this.system = ConfiguredSystem.of(config.preset());
    this.learner = system.config();
    this.job = config.job();
    this.configuration = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    this.files = request.files().local(configuration.value());
    String digest = system.validate(files);
    String start = system.validateStart(files);
    this.sources = new PairSources(request, system, configuration.value());
    String results =
        ResultNumber.text(
            Curves.RESULTS,
            Checkpoints.RESULTS,
            new ResultNumber(learner.system(), system.system().results()));
    String fingerprint =
        new Fingerprint()
            .add(results)
            .add(Presets.canonical(request.config()))
            .add(digest, sources.digest(), request.workers(), request.seed(), start)
            .hex();
    this.setup =
        new JobSetup(
            spark,
            log,
            "TrainJob",
            request.out(),
            request.config(),
            new RunIdentity(fingerprint, results));
    this.context =
        new TrainContext(
            fingerprint,
            Presets.canonical(config.preset()),
            request.files(),
            digest,
            request.seed(),
            request.workers(),
            threads(),
            request.cache(),
            job.examples().cacheBytes(),
            job.reading());
  }

  @Override
  public JobSetup setup() {
    return setup;
  }

  /**
   * Refuses to train more workers than can run at a time.
   *
   * @throws UsageException if a local session has fewer task slots
   */
  void requireSlots() {
    int slots = spark.sparkContext().defaultParallelism();

    if (spark.sparkContext().isLocal() && request.workers() > slots) {
      throw new UsageException(
          "Invalid --workers: %d, but --master %s has %d task slots"
              .formatted(request.workers(), spark.sparkContext().master(), slots));
    }
  }

  /** In one process all cores are for the workers; executors have what their environment says. */
  private int threads() {
    return spark.sparkContext().isLocal()
        ? Math.max(1, spark.sparkContext().defaultParallelism() / request.workers())
        : 0;
  }

  @Override
  public void describe(PrintStream out) {
    out.println(plan());
  }

  private String plan() {
    return "plan: %s on %s, %s of %s on %s, %s"
        .formatted(
            request.preset(),
            learner.backboneName(),
            Counted.of(learner.training().steps(), "steps"),
            Counted.of(learner.training().batch(), "pairs"),
            Counted.of(request.workers(), "workers"),
            learner.training().spans().stream()
                .map(sources::describe)
                .collect(Collectors.joining(", then ")));
  }

  /** Trains to the end. */
  @Override
  public ExitCode execute(RunDirectory run, StartMode start) {
    describe(log);

    if (run.manifest().isPresent()) {
      log.println("done already: " + run.table("model.safetensors"));
      return ExitCode.DONE;
    }

    try {
      return train(run, new Checkpoints(run.table("checkpoints"), configuration.value()));
    } finally {
      TrainWorkerPool.clear();
    }
  }

  private ExitCode train(RunDirectory run, Checkpoints checkpoints) {
    TrainingPairs data = sources.open(spark, configuration, job, log);
    TrainRounds rounds = new TrainRounds(spark, context, configuration);
    Curves curves = new Curves(spark, run);
    Optional<TrainerState> newest = checkpoints.newest();
    TrainerState state = newest.orElseGet(() -> rounds.first(sample(data)));
    int every = job.checkpoint().every();
    int steps = learner.training().steps();

    if (newest.isPresent()) {
      curves.load(state.step(), (int) ((state.step() + every - 1) / every));
      log.printf("resumed: step %d of %d%n", state.step(), steps);
    }

    TrainReport report = new TrainReport(request, learner, job, curves, log, state.step());
    RoundResult result = null;
    TrainingParameters.Span span = null;
    List<PairSample> held = List.of();

    while (state.step() < steps) {
      if (!learner.training().span(state.step()).equals(span)) {
        span = learner.training().span(state.step());
        held = begin(span, data);

        if (state.step() == span.from() && !held.isEmpty()) {
          curves.addValidation(state.step(), rounds.validate(state, held));
        }
      }

      int ahead = job.averaging().steps() - (int) (state.step() % job.averaging().steps());
      int count = (int) Math.min(ahead, span.to() - state.step());
      result = rounds.round(data.shards(span.stage().pairs()), state, count);

      if (result.divergence() == null) {
        state = result.state();
        curves.addSteps(result.steps());
      }

      String reason =
          result.divergence() == null
              ? explosion(curves.totals(span.from()), state)
              : result.divergence();

      if (reason != null) {
        throw diverged(reason, checkpoints);
      }

      boolean last = state.step() == steps;

      if (!held.isEmpty() && (last || state.step() % job.validation().every() == 0)) {
        curves.addValidation(state.step() - 1, rounds.validate(state, held));
      }

      report.progress(state.step());

      if (last || state.step() % every == 0) {
        curves.commit((int) ((state.step() - 1) / every));
        run.checkClaim();
        checkpoints.write(state, provenance(report, curves, state));
        checkpoints.prune(job.checkpoint().keep());
        CurvePicture.draw(curves, run);
      }
    }

    if (result == null) {
      span = learner.training().span(state.step());
      held = begin(span, data);
      result = rounds.round(data.shards(span.stage().pairs()), state, 0);
    }

    run.checkClaim();
    checkpoints.store(
        new Path(run.table("model.safetensors")),
        system.model(result.layout().tensors(state), files),
        metadata(result),
        system.system().precision());
    return finish(run, report.summary(held.size()), state);
  }

  private List<PairSample> sample(TrainingPairs data) {
    return data.sample(learner.training().span(0).stage().pairs(), system.sample());
  }

  /** Counts a stage's pairs; its pairs for validation. */
  private List<PairSample> begin(TrainingParameters.Span span, TrainingPairs data) {
    List<PairSample> held = data.held(span.stage().pairs());
    log.printf(
        "pairs for steps %d to %d: %d for training, %d for validation, with images that training does not see%n",
        span.from(), span.to(), data.shards(span.stage().pairs()).count(), held.size());
    return held;
  }

  private String explosion(List<Double> totals, TrainerState state) {
    return Trainer.hasExploded(totals, learner.training().explosion())
        ? "Training diverged at step %d: the loss is more than %s times its stage's first value"
            .formatted(state.step(), learner.training().explosion())
        : null;
  }

  private static UsageException diverged(String reason, Checkpoints checkpoints) {
    String kept =
        checkpoints
            .newest()
            .map(last -> "the checkpoint of step %d is kept".formatted(last.step()))
            .orElse("there is no checkpoint yet");
    return new UsageException(
        "%s; %s. Lower training.updater.learning-rate or set training.clip-norm, and use another --out"
            .formatted(reason, kept));
  }

  private Map<String, String> metadata(RoundResult result) {
    Map<String, String> metadata = new TreeMap<>(result.metadata());
    metadata.put("denseflow.preset", request.preset());
    metadata.put("denseflow.pairs", sources.digest());
    metadata.put("denseflow.steps", String.valueOf(learner.training().steps()));
    metadata.put("denseflow.seed", String.valueOf(request.seed()));
    metadata.put("denseflow.fingerprint", context.fingerprint());
    metadata.put("denseflow.versions", String.join(", ", Versions.list(spark)));
    return metadata;
  }

  private Map<String, Object> provenance(TrainReport report, Curves curves, TrainerState state) {
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("step", state.step());
    provenance.put("fingerprint", context.fingerprint());
    provenance.put("preset", request.preset());
    provenance.put("config", Presets.canonical(request.config()));
    provenance.put("pairs", sources.digest());
    provenance.put("backbone-weights", context.weightDigest());
    provenance.put("features", request.files().features());
    provenance.put("codec", request.files().codec());
    provenance.put("start", request.files().start());
    provenance.put("seed", request.seed());
    provenance.put("workers", request.workers());
    provenance.put("versions", Versions.list(spark));
    provenance.put("train", report.last(curves::training));
    provenance.put("validation", report.last(curves::validation));
    return provenance;
  }

  private ExitCode finish(RunDirectory run, List<Map<String, Object>> summary, TrainerState state) {
    run.settle(List.of(Curves.TABLE.name()));
    run.replaceJson("summary.json", summary);
    run.writeManifest(
        setup.manifest(
            Map.of(
                "pairs", request.pairs(),
                "pairs-digest", sources.digest(),
                "image-pairs", request.imagePairs(),
                "method", learner.system(),
                "backbone", learner.backboneName(),
                "weight-digest", context.weightDigest(),
                "preset", request.preset(),
                "features", request.files().features(),
                "start", request.files().start(),
                "seed", String.valueOf(request.seed())),
            Map.of("steps", state.step(), "workers", (long) request.workers()),
            (int) ((state.step() + job.checkpoint().every() - 1) / job.checkpoint().every()),
            List.of(Curves.TABLE.name())));
    log.printf(
        "model: %d steps, digest %s, in %s%n",
        state.step(), digest(state), run.table("model.safetensors"));
    log.println("curves: " + run.table(CurvePicture.FILE));
    return ExitCode.DONE;
  }

  /** The digest of a model's parameters and statistics. */
  private static String digest(TrainerState state) {
    Fingerprint fingerprint = new Fingerprint();

    for (float[] values : List.of(state.parameters(), state.statistics())) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
      bytes.asFloatBuffer().put(values);
      fingerprint.add(bytes.array());
    }

    return fingerprint.hex();
  }
}
