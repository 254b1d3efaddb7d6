package org.denseflow.jobs.training;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.Path;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.jobs.ExitCode;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.Versions;
import org.denseflow.jobs.run.WeightFiles;
import org.denseflow.jobs.synthesis.SyntheticPairs;
import org.denseflow.matcher.LearnerConfig;
import org.denseflow.matcher.Learners;
import org.denseflow.schemas.ConfigBinder;
import org.denseflow.schemas.Presets;
import org.denseflow.schemas.RunManifest;
import org.denseflow.synthesis.PairKey;
import org.denseflow.training.Trainer;
import org.denseflow.training.TrainerState;
import scala.Tuple2;
import scala.reflect.ClassTag;

/**
 * One training: rounds of local steps on every worker, each round a barrier stage whose results are
 * averaged by a tree reduction (local SGD; with {@code averaging.steps = 1} synchronous). A worker
 * lost in a round repeats the round. The state lives on the driver between rounds.
 */
final class TrainRun {
  private static final int VALIDATION_INDEX = -1;
  private static final int SHARES = 10_000;
  private static final List<String> JOB_KEYS =
      List.of("averaging", "validation", "checkpoint", "examples", "limits");

  private final SparkSession spark;
  private final TrainRequest request;
  private final PrintStream log;
  private final LearnerConfig learner;
  private final TrainJobParameters job;
  private final SerializableConfiguration configuration;
  private final RunManifest pairs;
  private final TrainContext context;

  TrainRun(SparkSession spark, TrainRequest request, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.log = log;
    Config own = ConfigFactory.empty();
    Config system = request.config();

    for (String key : JOB_KEYS) {
      if (system.hasPath(key)) {
        own = own.withValue(key, system.getValue(key));
        system = system.withoutPath(key);
      }
    }

    this.learner = ConfigBinder.bind(system, LearnerConfig.class);
    this.job = ConfigBinder.bind(own, TrainJobParameters.class);
    this.configuration = new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    String digest =
        Learners.validate(learner, WeightFiles.local(request.weights(), configuration.value()));
    this.pairs =
        new RunDirectory(request.pairs(), configuration.value())
            .manifest()
            .filter(manifest -> manifest.job().equals("SyntheticPairJob"))
            .orElseThrow(
                () ->
                    new UsageException(
                        "Cannot train with %s: it is not the output of a finished SyntheticPairJob"
                            .formatted(request.pairs())));
    String fingerprint =
        DigestUtils.sha256Hex(
                String.join(
                    "\n",
                    Presets.canonical(request.config()),
                    digest,
                    pairs.input("digest"),
                    String.valueOf(request.workers()),
                    String.valueOf(request.seed())))
            .substring(0, 32);
    this.context =
        new TrainContext(
            fingerprint,
            Presets.canonical(system),
            request.weights(),
            digest,
            request.seed(),
            request.workers(),
            threads(),
            request.cache(),
            job.examples().cacheBytes(),
            job.limits());
  }

  private void requireSlots() {
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

  /** Prints the resolved configuration and the plan. */
  ExitCode describe(PrintStream out) {
    out.println(Presets.readable(request.config()));
    out.println(plan());
    out.println("fingerprint: " + context.fingerprint());
    return ExitCode.DONE;
  }

  private String plan() {
    return "plan: %s on %s, %d steps of %d pairs on %d worker(s), from %d pairs of %s"
        .formatted(
            request.preset(),
            learner.backbone().name(),
            learner.training().steps(),
            learner.training().batch(),
            request.workers(),
            pairs.count("pairs") - pairs.count("failed"),
            request.pairs());
  }

  /** Trains to the end. */
  ExitCode execute(boolean resume) {
    requireSlots();
    RunDirectory run = new RunDirectory(request.out(), configuration.value());
    boolean begun = run.begun(context.fingerprint(), resume);
    log.println(plan());

    if (run.manifest().isPresent()) {
      log.println("done already: " + run.table("model.safetensors"));
      return ExitCode.DONE;
    }

    if (!begun) {
      run.writeFingerprint(context.fingerprint());
    }

    try {
      return train(run, new Checkpoints(run.table("checkpoints"), configuration.value()));
    } finally {
      WorkerPool.clear();
    }
  }

  private ExitCode train(RunDirectory run, Checkpoints checkpoints) {
    JavaRDD<Row> shards = shards();
    List<Row> held = held();
    Curves curves = new Curves(spark, run);
    Optional<TrainerState> newest = checkpoints.newest();
    TrainerState state = newest.orElseGet(this::first);
    int every = job.checkpoint().every();
    int steps = learner.training().steps();

    if (newest.isPresent()) {
      curves.load(state.step(), (int) ((state.step() + every - 1) / every));
      log.printf("resumed: step %d of %d%n", state.step(), steps);
    } else if (!held.isEmpty()) {
      validate(state, held, curves);
    }

    long start = System.nanoTime();
    long from = state.step();
    RoundResult result = null;

    while (state.step() < steps) {
      int count = (int) Math.min(job.averaging().steps(), steps - state.step());
      result = round(shards, state, count);

      if (result.divergence() == null) {
        state = result.state();
        record(result, curves);
      }

      String reason = result.divergence() == null ? explosion(curves, state) : result.divergence();

      if (reason != null) {
        return diverged(reason, checkpoints);
      }

      boolean last = state.step() == steps;

      if (!held.isEmpty() && (last || state.step() % job.validation().every() == 0)) {
        validate(state, held, curves);
      }

      report(curves, state, start, from);

      if (last || state.step() % every == 0) {
        curves.commit((int) ((state.step() - 1) / every));
        checkpoints.write(state, provenance(curves, state));
        checkpoints.prune(job.checkpoint().keep());
        CurvePicture.draw(curves, run);
      }
    }

    if (result == null) {
      result = round(shards, state, 0);
    }

    checkpoints.store(
        new Path(run.table("model.safetensors")), result.layout().tensors(state), metadata(result));
    return finish(run, curves, state);
  }

  private TrainerState first() {
    TrainContext context = this.context;
    SerializableConfiguration configuration = this.configuration;
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(List.of(0), 1)
        .map(
            zero -> {
              Worker worker = WorkerPool.borrow(context, configuration.value());
              TrainerState state = worker.first();
              WorkerPool.giveBack(context, worker);
              return state;
            })
        .first();
  }

  private RoundResult round(JavaRDD<Row> shards, TrainerState state, int steps) {
    Broadcast<TrainerState> broadcast =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(state);
    spark
        .sparkContext()
        .setJobDescription("steps %d to %d".formatted(state.step(), state.step() + steps));
    ClassTag<RoundResult> tag = scala.reflect.ClassTag$.MODULE$.apply(RoundResult.class);
    JavaRDD<RoundResult> results =
        shards
            .rdd()
            .barrier()
            .mapPartitions(new TrainRound(context, broadcast, steps, configuration), false, tag)
            .toJavaRDD();
    // Spark repeats a barrier stage only if a shuffle follows it.
    int groups = (int) Math.ceil(Math.sqrt(request.workers()));
    RoundResult sum =
        RoundResult.sum(
            results
                .mapToPair(own -> new Tuple2<>(own.worker() % groups, own))
                .groupByKey(groups)
                .values()
                .map(RoundResult::sum)
                .collect());
    broadcast.destroy();
    return new RoundResult(
        sum.worker(),
        sum.divergence() == null ? sum.state().dividedBy(sum.workers()) : sum.state(),
        sum.workers(),
        sum.steps(),
        sum.layout(),
        sum.metadata(),
        sum.divergence());
  }

  private void record(RoundResult result, Curves curves) {
    Map<Long, List<RoundResult.Step>> steps = new TreeMap<>();
    result
        .steps()
        .forEach(step -> steps.computeIfAbsent(step.step(), s -> new ArrayList<>()).add(step));
    steps.forEach(
        (step, own) -> {
          RoundResult.Step first = own.get(0);
          first
              .losses()
              .keySet()
              .forEach(
                  name ->
                      curves.add(
                          step,
                          "train",
                          name,
                          own.stream().mapToDouble(s -> s.losses().get(name)).average().orElse(0)));
          curves.add(step, "train", "learning-rate", first.learningRate());
          curves.add(
              step,
              "train",
              "gradient-norm",
              own.stream().mapToDouble(RoundResult.Step::gradientNorm).average().orElse(0));
          curves.add(
              step,
              "train",
              "millis",
              own.stream().mapToDouble(RoundResult.Step::millis).max().orElse(0));
        });
  }

  private void validate(TrainerState state, List<Row> held, Curves curves) {
    Broadcast<TrainerState> broadcast =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(state);
    spark.sparkContext().setJobDescription("validation at step " + state.step());
    TrainContext context = this.context;
    SerializableConfiguration configuration = this.configuration;
    Map<String, Double> sums =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(held, request.workers())
            .mapPartitions(
                rows -> {
                  Worker worker = WorkerPool.borrow(context, configuration.value());

                  try {
                    Map<String, Double> own = worker.validate(broadcast.value(), list(rows));
                    WorkerPool.giveBack(context, worker);
                    return List.of(own).iterator();
                  } catch (RuntimeException | Error e) {
                    worker.close();
                    throw e;
                  }
                })
            .reduce(TrainRun::sum);
    broadcast.destroy();
    sums.forEach(
        (name, value) ->
            curves.add(Math.max(0, state.step() - 1), "validation", name, value / held.size()));
  }

  private static List<Row> list(Iterator<Row> rows) {
    List<Row> list = new ArrayList<>();
    rows.forEachRemaining(list::add);
    return list;
  }

  private static Map<String, Double> sum(Map<String, Double> a, Map<String, Double> b) {
    Map<String, Double> sum = new LinkedHashMap<>(a);
    b.forEach((name, value) -> sum.merge(name, value, Double::sum));
    return sum;
  }

  private String explosion(Curves curves, TrainerState state) {
    return Trainer.hasExploded(curves.totals(), learner.training().explosion())
        ? "Training diverged at step %d: the loss is more than %s times its first value"
            .formatted(state.step(), learner.training().explosion())
        : null;
  }

  private ExitCode diverged(String reason, Checkpoints checkpoints) {
    String kept =
        checkpoints
            .newest()
            .map(last -> "the checkpoint of step %d is kept".formatted(last.step()))
            .orElse("there is no checkpoint yet");
    throw new UsageException(
        "%s; %s. Lower training.updater.learning-rate or set training.clip-norm, and use another --out"
            .formatted(reason, kept));
  }

  private void report(Curves curves, TrainerState state, long start, long from) {
    double seconds = (System.nanoTime() - start) / 1e9;
    double each = seconds / (state.step() - from);
    long left = (long) (each * (learner.training().steps() - state.step()));
    StringBuilder losses = new StringBuilder();

    for (String name : List.of("total", "mask", "flow", "smooth", "epe")) {
      List<Double> line = List.copyOf(curves.line("train", name).values());
      int window = Math.min(line.size(), job.averaging().steps());

      if (window > 0) {
        double mean =
            line.subList(line.size() - window, line.size()).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
        losses.append(String.format(Locale.ROOT, " %s %.4f", name, mean));
      }
    }

    log.printf(
        "step %d/%d,%s, %.2f s a step, ETA %s%n",
        state.step(),
        learner.training().steps(),
        losses,
        each,
        Duration.ofSeconds(left).toString().substring(2).toLowerCase(Locale.ROOT));
    Map.Entry<Long, Double> scored = curves.line("validation", "total").lastEntry();

    if (scored != null && scored.getKey() == state.step() - 1) {
      log.printf(
          "  validation: total %.4f, epe %.3f%n",
          scored.getValue(), curves.line("validation", "epe").lastEntry().getValue());
    }
  }

  /** One partition per worker: every so manieth row of the table, in its order. */
  private JavaRDD<Row> shards() {
    int workers = request.workers();
    Dataset<Row> table = recipes().where("NOT held").drop("held").orderBy("shuffle_key", "pair_id");
    JavaPairRDD<Long, Row> indexed = table.javaRDD().zipWithIndex().mapToPair(Tuple2::swap);
    long count = indexed.count();

    if (count < workers) {
      throw new UsageException(
          "Cannot train on %d workers with %d pairs".formatted(workers, count));
    }

    JavaRDD<Row> shards =
        indexed
            .mapToPair(row -> new Tuple2<>((int) (row._1() % workers), row))
            .partitionBy(new HashPartitioner(workers))
            .values()
            .mapPartitions(TrainRun::inOrder, true)
            .persist(StorageLevel.MEMORY_AND_DISK());
    log.printf("pairs: %d for training%n", count);
    return shards;
  }

  private static Iterator<Row> inOrder(Iterator<Tuple2<Long, Row>> rows) {
    TreeMap<Long, Row> sorted = new TreeMap<>();
    rows.forEachRemaining(row -> sorted.put(row._1(), row._2()));
    return sorted.values().iterator();
  }

  private List<Row> held() {
    List<Row> held =
        recipes()
            .where("held")
            .drop("held")
            .orderBy("shuffle_key", "pair_id")
            .limit(job.validation().pairs())
            .collectAsList();
    log.printf("pairs: %d for validation, of images that training does not see%n", held.size());
    return held;
  }

  /** The rows that can be used, without pixels: views are rendered, which gives the same ones. */
  private Dataset<Row> recipes() {
    double share = job.validation().share();
    long seed = request.seed();
    spark
        .udf()
        .register(
            "df_held",
            (String image) ->
                PairKey.of(seed, image, VALIDATION_INDEX).range(SHARES) < share * SHARES,
            DataTypes.BooleanType);
    return SyntheticPairs.recipes(spark, request.pairs())
        .where("status = 'ok'")
        .withColumn("held", functions.callUDF("df_held", functions.col("image_id")));
  }

  private Map<String, String> metadata(RoundResult result) {
    Map<String, String> metadata = new TreeMap<>(result.metadata());
    metadata.put("denseflow.preset", request.preset());
    metadata.put("denseflow.pairs", pairs.input("digest"));
    metadata.put("denseflow.steps", String.valueOf(learner.training().steps()));
    metadata.put("denseflow.seed", String.valueOf(request.seed()));
    return metadata;
  }

  private Map<String, Object> provenance(Curves curves, TrainerState state) {
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("step", state.step());
    provenance.put("fingerprint", context.fingerprint());
    provenance.put("preset", request.preset());
    provenance.put("config", Presets.canonical(request.config()));
    provenance.put("pairs", pairs.input("digest"));
    provenance.put("backbone-weights", context.weightDigest());
    provenance.put("seed", request.seed());
    provenance.put("workers", request.workers());
    provenance.put("versions", Versions.list(spark));
    provenance.put("train", last(curves, "train"));
    provenance.put("validation", last(curves, "validation"));
    return provenance;
  }

  private static Map<String, Double> last(Curves curves, String part) {
    Map<String, Double> last = new LinkedHashMap<>();

    for (String name : List.of("total", "mask", "flow", "smooth", "epe")) {
      TreeMap<Long, Double> line = curves.line(part, name);

      if (!line.isEmpty()) {
        last.put(name, line.lastEntry().getValue());
      }
    }

    return last;
  }

  private ExitCode finish(RunDirectory run, Curves curves, TrainerState state) {
    run.replace("summary.json", Checkpoints.json(summary(curves)));
    run.writeManifest(
        new RunManifest(
            RunManifest.FORMAT,
            "TrainJob",
            context.fingerprint(),
            Map.of(
                "pairs", request.pairs(),
                "pairs-digest", pairs.input("digest"),
                "method", learner.system(),
                "backbone", learner.backbone().name(),
                "weight-digest", context.weightDigest(),
                "preset", request.preset(),
                "seed", String.valueOf(request.seed())),
            Presets.canonical(request.config()),
            Map.of("steps", state.step(), "workers", (long) request.workers()),
            (int) ((state.step() + job.checkpoint().every() - 1) / job.checkpoint().every()),
            List.of(Curves.TABLE),
            Versions.list(spark)));
    log.printf(
        "model: %d steps, digest %s, in %s%n",
        state.step(), digest(state), run.table("model.safetensors"));
    log.println("curves: " + run.table(CurvePicture.FILE));
    return ExitCode.DONE;
  }

  /** The digest of a model's parameters and statistics. */
  private static String digest(TrainerState state) {
    MessageDigest digest = DigestUtils.getSha256Digest();

    for (float[] values : List.of(state.parameters(), state.statistics())) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
      bytes.asFloatBuffer().put(values);
      digest.update(bytes.array());
    }

    return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
  }

  private List<Map<String, Object>> summary(Curves curves) {
    List<Map<String, Object>> rows = new ArrayList<>();
    last(curves, "validation")
        .forEach(
            (metric, value) -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("dataset", request.pairs());
              row.put("method", request.preset());
              row.put("backbone", learner.backbone().name());
              row.put("protocol", "validation");
              row.put("category", "all");
              row.put("metric", metric);
              row.put("value", value);
              row.put("pairs", job.validation().pairs());
              row.put("failed", 0);
              rows.add(row);
            });
    return rows;
  }
}
