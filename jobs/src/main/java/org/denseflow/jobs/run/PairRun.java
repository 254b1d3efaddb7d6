package org.denseflow.jobs.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.denseflow.config.Presets;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.dataset.ImagePair;
import org.denseflow.jobs.plan.ListSummary;
import org.denseflow.jobs.plan.PlanCounts;
import org.denseflow.jobs.plan.PlannedChunk;
import org.denseflow.jobs.plan.PlannedPair;
import org.denseflow.jobs.plan.Planning;
import org.denseflow.jobs.plan.RunPlan;
import org.denseflow.jobs.plan.Tile;

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
    this.setup = new JobSetup(spark, log, job.name(), request.out(), request.config(), identity());
  }

  private RunIdentity identity() {
    String results = "%s, %s".formatted(job.results(), PLAN);
    String digest =
        new Fingerprint()
            .add(results)
            .add(Presets.canonical(request.config().withoutPath("task")))
            .add(job.digest())
            .add(summary.pairs(), summary.digest())
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
    return request.tables();
  }

  @Override
  public void check() {
    List<PlannedPair> pairs = request.pairs().held().orElseGet(summary::sample);
    setup.requireImages(
        new ImageCheck("pairs", request.maxFailedFraction()),
        pairs.stream().map(PlannedPair::files).toList(),
        summary.pairs());
  }

  @Override
  public void describe(PrintStream out) {
    PlanCounts planned = planning().counts();
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
    job.matcher().note().ifPresent(out::println);
  }

  private Planning planning() {
    return new Planning(
        spark, request.pairs(), summary.pairs(), job.plan().ofRows(job.bytesPerPair()));
  }

  @Override
  public void begin(RunDirectory run) {
    plan = run.begin(setup.identity(), planning()::write);
  }

  @Override
  public List<Long> open(RunDirectory run, StartMode start, Counters counters) {
    if (plan == null) {
      plan = planning().read(List.of(run.planUri()));
    }

    this.counts = plan.counts();
    this.task = job.task(setup.identity().fingerprint(), counters);
    job.matcher().storeProjection(run, setup.storage());
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
