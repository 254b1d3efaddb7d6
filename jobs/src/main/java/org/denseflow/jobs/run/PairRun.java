package org.denseflow.jobs.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import com.typesafe.config.ConfigValue;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.denseflow.config.Presets;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.plan.ListSummary;
import org.denseflow.jobs.plan.PairList;
import org.denseflow.jobs.plan.PlanCounts;
import org.denseflow.jobs.plan.PlannedChunk;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Planning;
import org.denseflow.jobs.plan.RunPlan;
import org.denseflow.jobs.plan.StoredPlan;
import org.denseflow.jobs.plan.Tile;
import org.denseflow.schemas.RunManifest;

/** One run of a {@link PairJob}: its pairs are planned, and a task computes tile after tile. */
public final class PairRun implements ChunkedJob {
  private static final ResultNumber PLAN = new ResultNumber("plan", 2);

  /** Bytes of rows that a file has at least, where cores and the list allow it. */
  private static final long FILE_BYTES = 128L << 20;

  private final SparkSession spark;
  private final RunRequest request;
  private final PairJob job;
  private final PrintStream log;
  private final ListSummary summary;
  private final JobSetup setup;
  private List<Append> appends = List.of();
  private RunPlan plan;
  private PlanCounts counts;
  private FlatMapFunction<Tile, Row> task;

  /** Prepares a run that reports to log. */
  public PairRun(SparkSession spark, RunRequest request, PairJob job, PrintStream log) {
    this.spark = spark;
    this.request = request;
    this.job = job;
    this.log = log;
    this.summary = request.pairs().summary();
    this.setup =
        new JobSetup(spark, log, job.name(), request.out(), request.config(), identity(summary));
  }

  private RunIdentity identity(ListSummary list) {
    String results = "%s, %s".formatted(job.results(), PLAN);
    String digest =
        new Fingerprint()
            .add(results)
            .add(Presets.canonical(request.config().withoutPath("task")))
            .add(job.digest())
            .add(list.pairs(), list.digest())
            .hex();
    return new RunIdentity(digest, results);
  }

  @Override
  public JobSetup setup() {
    return setup;
  }

  @Override
  public ChunkedTable table() {
    return new ChunkedTable(
        job.table(), job.schema(), "pairs", "pair_id", request.maxFailedFraction());
  }

  @Override
  public List<String> derived() {
    Set<String> tables = new LinkedHashSet<>(request.tables());
    appends.forEach(append -> tables.addAll(append.tables()));
    return List.copyOf(tables);
  }

  @Override
  public void check() {
    requireImages(request.pairs(), summary);
  }

  private void requireImages(PairList list, ListSummary known) {
    List<PlannedPair> pairs = list.held().orElseGet(known::sample);
    setup.requireImages(
        new ImageCheck("pairs", request.maxFailedFraction()),
        pairs.stream().map(PlannedPair::files).toList(),
        known.pairs());
  }

  @Override
  public void describe(PrintStream out) {
    PlanCounts planned = planning(request.pairs(), summary).counts();
    tell(planned, out);
    out.println("estimated output: " + job.estimate(planned.pairs()));
  }

  private void tell(PlanCounts planned, PrintStream out) {
    long images = planned.images();
    long swapped = summary.swapped();
    String some =
        swapped == 0
            ? ""
            : "; %d of the pairs swapped (ID%s)".formatted(swapped, ImagePair.SWAPPED);
    out.printf(
        "plan: %s over %s, %s in %s; images described at most %d (%.2f per distinct image); at most %s in a task's memory%s%n",
        Counted.of(planned.pairs(), "pairs"),
        Counted.of(images, "images"),
        Counted.of(planned.tiles(), "tiles"),
        Counted.of(planned.chunks().size(), "chunks"),
        planned.described(),
        (double) planned.described() / Math.max(1, images),
        Counted.of(planned.mostHeld(), "images"),
        some);
    job.note().ifPresent(out::println);
  }

  private Planning planning(PairList list, ListSummary known) {
    return new Planning(spark, list, known.pairs(), job.plan().ofRows(job.bytesPerPair()));
  }

  @Override
  public void begin(RunDirectory run) {
    plan = run.begin(setup.identity(), planning(request.pairs(), summary)::write);
  }

  /**
   * Plans the pairs that a finished run lacks. From then on it is the run of the longer list, and
   * not finished: its manifest goes before the first of their rows is committed.
   */
  private void append(RunDirectory run, RunIdentity begun) {
    RunManifest manifest =
        run.manifest()
            .orElseThrow(
                () ->
                    new UsageException(
                        "Cannot append to %s: it is not finished; continue it with --resume and the list it was begun with"
                            .formatted(run.uri())));
    StoredPlan before = new StoredPlan(spark, run.planUris());
    ListSummary planned = before.summary();

    if (!identity(planned).equals(begun)) {
      throw new UsageException(
          "Cannot append to %s: it was begun with %s; use the options of the run, or another --out"
              .formatted(run.uri(), others(manifest)));
    }

    PairList added = before.added(request.pairs(), run.uri());
    ListSummary known = added.summary();
    requireImages(added, known);
    Append append =
        new Append(
            setup.identity().fingerprint(),
            setup.identity().results(),
            request.dataset(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            planned.pairs(),
            known.pairs(),
            manifest.tables(),
            "");
    run.append(append, planning(added, known).after(before)::write);
  }

  /** In what a run differs from this one, with the same pairs. */
  private String others(RunManifest run) {
    Map<String, ConfigValue> settings = settings(run.config());
    Map<String, ConfigValue> own = settings(Presets.canonical(request.config()));
    Set<String> names = new TreeSet<>(settings.keySet());
    names.addAll(own.keySet());
    names.removeIf(name -> Objects.equals(settings.get(name), own.get(name)));
    return names.isEmpty()
        ? "other weights, or files that have changed"
        : "other settings of " + String.join(", ", names);
  }

  private static Map<String, ConfigValue> settings(String canonical) {
    return Presets.ofRun(canonical).withoutPath("task").entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public List<Long> open(RunDirectory run, StartMode start, Counters counters) {
    RunIdentity begun = run.begun().orElseThrow();

    if (!begun.equals(setup.identity())) {
      append(run, begun);
    }

    appends = run.appends();

    if (plan == null) {
      plan = planning(request.pairs(), summary).read(run.planUris());
    }

    String fingerprint = setup.identity().fingerprint();

    if (run.manifest().stream().anyMatch(left -> !left.fingerprint().equals(fingerprint))) {
      run.reopen();
    }

    for (Append append : appends) {
      log.printf("appended: %s to %d%n", Counted.of(append.pairs(), "pairs"), append.before());
    }

    this.counts = plan.counts();
    this.task = job.task(fingerprint, counters);
    job.matcher().storeProjection(run, setup.storage());
    job.begin(run);
    tell(counts, log);
    return counts.chunks().stream().map(PlannedChunk::pairs).toList();
  }

  @Override
  public int tasks() {
    return counts.chunks().stream().mapToInt(this::partitions).sum();
  }

  /** Tasks, and so files, of a chunk. */
  private int partitions(PlannedChunk chunk) {
    long files = chunk.pairs() * job.bytesPerPair() / FILE_BYTES;
    return (int)
        Math.min(chunk.tiles(), Math.max(files, 2L * spark.sparkContext().defaultParallelism()));
  }

  private JavaRDD<Tile> tiles(int chunk) {
    return plan.tiles(chunk, partitions(counts.chunks().get(chunk)));
  }

  private Dataset<Row> rows(JavaRDD<Tile> tiles) {
    return spark.createDataFrame(tiles.flatMap(task), job.schema());
  }

  @Override
  public Dataset<Row> rows(int chunk) {
    return rows(tiles(chunk));
  }

  @Override
  public Map<Integer, Long> failed(RunDirectory run, Set<Integer> committed) {
    Map<Integer, Long> failed = new HashMap<>();

    if (!committed.isEmpty()) {
      ParquetTables.read(spark, job.schema(), run.table(job.table()))
          .where("status = 'failed'")
          .groupBy("chunk")
          .count()
          .collectAsList()
          .forEach(row -> failed.put(row.getInt(0), row.getLong(1)));
      failed.keySet().retainAll(committed);
    }

    log.printf(
        "retried: %s in %d of %d committed chunks%n",
        Counted.of(failed.values().stream().mapToLong(Long::longValue).sum(), "failed pairs"),
        failed.size(),
        committed.size());

    if (!failed.isEmpty()) {
      run.reopen();
    }

    return failed;
  }

  @Override
  public Dataset<Row> mended(int chunk, Dataset<Row> before) {
    Set<String> ids =
        new HashSet<>(
            before
                .where("status = 'failed'")
                .select("pair_id")
                .as(Encoders.STRING())
                .collectAsList());
    JavaRDD<Tile> failed =
        tiles(chunk)
            .map(
                tile ->
                    tile.with(
                        tile.pairs().stream().filter(pair -> ids.contains(pair.pairId())).toList()))
            .filter(tile -> !tile.pairs().isEmpty());
    return before.where("status <> 'failed'").union(rows(failed));
  }

  @Override
  public void derive(RunDirectory run, String table, int chunk, int generation) {
    job.derive(run, table, chunk, generation);
  }

  @Override
  public Dataset<Row> listed(Dataset<Row> rows) {
    return rows.where(not(col("pair_id").endsWith(ImagePair.SWAPPED)));
  }

  @Override
  public long unlisted(Dataset<Row> rows) {
    return summary.swapped() == 0
        ? 0
        : rows.where(col("pair_id").endsWith(ImagePair.SWAPPED)).count();
  }

  @Override
  public Findings find(RunDirectory run, Dataset<Row> rows, FailureReport.Tally tally) {
    Map<String, Long> others = new TreeMap<>(job.counts(rows));

    if (summary.swapped() > 0) {
      others.put("swapped", summary.swapped());
    }

    StringBuilder text = new StringBuilder();
    others.forEach((name, count) -> text.append(", %d %s".formatted(count, name)));
    others.put("images", counts.images());
    others.put("described", counts.described());
    Map<String, String> inputs = new TreeMap<>(job.inputs());
    inputs.put("dataset", request.dataset());

    for (int number = 1; number <= appends.size(); number++) {
      inputs.put("append-%d".formatted(number), appends.get(number - 1).text());
      others.put("append-%d".formatted(number), appends.get(number - 1).pairs());
    }

    return new Findings(inputs, others, text.toString());
  }

  @Override
  public void finish(RunDirectory run, Dataset<Row> rows) {
    job.finish(run, rows);
  }

  @Override
  public Stream<String> notes(RunDirectory run, Dataset<Row> rows) {
    return Orientations.noteOfPairs(rows, request.config()).stream();
  }
}
