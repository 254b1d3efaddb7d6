package org.denseflow.jobs.masks;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.denseflow.config.Presets;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.run.ChunkedJob;
import org.denseflow.jobs.run.ChunkedTable;
import org.denseflow.jobs.run.Counters;
import org.denseflow.jobs.run.FailureReport;
import org.denseflow.jobs.run.FeatureStore;
import org.denseflow.jobs.run.Fingerprint;
import org.denseflow.jobs.run.ImageCheck;
import org.denseflow.jobs.run.JobSetup;
import org.denseflow.jobs.run.Orientations;
import org.denseflow.jobs.run.ResultNumber;
import org.denseflow.jobs.run.RunDirectory;
import org.denseflow.jobs.run.RunIdentity;
import org.denseflow.jobs.run.StartMode;

/** One run of MaskTransferJob: a task computes a tile, targets of a class with its exemplars. */
final class MaskRun implements ChunkedJob {
  static final String TABLE = MaskTable.RESULTS.name();

  private final MaskRequest request;
  private final MaskTransferParameters parameters;
  private final MaskPlan plan;
  private final JobSetup setup;
  private MaskRetry retry = MaskRetry.NOTHING;
  private MaskTask task;

  MaskRun(SparkSession spark, MaskRequest request, PrintStream log) {
    this.request = request;
    this.parameters = request.job().job();
    this.plan = MaskPlan.of(request.classes(), parameters.plan());
    this.setup =
        new JobSetup(spark, log, "MaskTransferJob", request.out(), request.config(), identity());
  }

  private RunIdentity identity() {
    String results =
        ResultNumber.text(MaskTable.RESULTS, ResultNumber.of(request.matcher().method()));
    Fingerprint digest =
        new Fingerprint()
            .add(results)
            .add(Presets.canonical(request.config()))
            .add(request.matcher().digest())
            .add(request.boxes());

    for (MaskTile tile : plan.tiles()) {
      tile.exemplars().forEach(one -> digest.add("exemplar", one));
      tile.targets().forEach(one -> digest.add("target", one));
    }

    return new RunIdentity(digest.hex(), results);
  }

  @Override
  public JobSetup setup() {
    return setup;
  }

  @Override
  public ChunkedTable table() {
    return new ChunkedTable(
        TABLE, MaskTable.SCHEMA, "targets", "image_id", request.maxFailedFraction());
  }

  @Override
  public void check() {
    setup.requireImages(
        new ImageCheck("targets", request.maxFailedFraction()),
        plan.tiles().stream()
            .flatMap(tile -> tile.targets().stream().map(MaskImage::files))
            .toList(),
        plan.targets());
  }

  @Override
  public void describe(PrintStream out) {
    out.println(summary());
    out.printf(
        "estimated output: about %.1f MiB of masks at 500x400 pixels%n",
        plan.targets() * 20_000.0 / (1 << 20));
  }

  private String summary() {
    return plan.summary(parameters.mask().shortlist(), parameters.exemplars().held());
  }

  @Override
  public List<Long> open(RunDirectory run, StartMode start, Counters counters) {
    task = new MaskTask(request.context(setup.identity().fingerprint()), counters);
    request.matcher().storeProjection(run, request.configuration().value());
    setup.log().println(summary());
    FeatureStore.note(request.matcher().note(), request.storeOrNull())
        .ifPresent(setup.log()::println);
    return IntStream.range(0, plan.chunks()).mapToObj(n -> targets(plan.chunk(n))).toList();
  }

  private static long targets(List<MaskTile> tiles) {
    return tiles.stream().mapToLong(tile -> tile.targets().size()).sum();
  }

  @Override
  public int tasks() {
    return plan.tiles().size();
  }

  @Override
  public Map<Integer, Long> failed(RunDirectory run, Set<Integer> committed) {
    retry = MaskRetry.of(setup.spark(), run, committed, setup.log());
    Map<Integer, Long> failed = new HashMap<>();
    committed.forEach(chunk -> failed.put(chunk, targets(retry.of(plan.chunk(chunk)))));
    failed.values().removeIf(targets -> targets == 0);
    return failed;
  }

  @Override
  public Dataset<Row> rows(int chunk) {
    return rows(plan.chunk(chunk));
  }

  private Dataset<Row> rows(List<MaskTile> tiles) {
    return setup
        .spark()
        .createDataFrame(
            JavaSparkContext.fromSparkContext(setup.spark().sparkContext())
                .parallelize(tiles, tiles.size())
                .flatMap(task),
            MaskTable.SCHEMA);
  }

  @Override
  public Dataset<Row> mended(int chunk, Dataset<Row> before) {
    return retry.kept(before).union(rows(retry.of(plan.chunk(chunk))));
  }

  @Override
  public Dataset<Row> listed(Dataset<Row> rows) {
    return rows.where("role = 'target'");
  }

  @Override
  public Findings find(RunDirectory run, Dataset<Row> rows, FailureReport.Tally tally) {
    Map<String, String> inputs = new TreeMap<>(request.matcher().inputs());
    inputs.put("dataset", request.dataset());
    inputs.put("exemplars", request.exemplars());
    inputs.putAll(FeatureStore.inputs(Map.of(), request.storeOrNull()));
    inputs.put("targets", request.targets());
    inputs.put("boxes", request.boxes() ? "used" : "none");
    Map<String, Long> counts = new TreeMap<>(Map.of("images", plan.images()));
    Row sums =
        rows.selectExpr(
                "sum(described) AS described",
                "sum(evaluated) AS evaluated",
                "sum(skipped) AS skipped")
            .first();

    for (String name : sums.schema().fieldNames()) {
      int column = sums.fieldIndex(name);
      counts.put(name, sums.isNullAt(column) ? 0 : sums.getLong(column));
    }

    return new Findings(inputs, counts, "");
  }

  @Override
  public void finish(RunDirectory run, Dataset<Row> rows) {
    if (request.storeOrNull() != null) {
      setup.log().println(request.storeOrNull().summary());
    }

    new MaskReport(request).write(run, listed(rows));
    NextList.write(run, listed(rows), request.next());
  }

  @Override
  public Stream<String> notes(RunDirectory run, Dataset<Row> rows) {
    long exemplars = rows.where("role = 'exemplar' and status = 'failed'").count();
    return Stream.concat(
        Orientations.note(rows, request.config()).stream(),
        exemplars == 0
            ? Stream.empty()
            : Stream.of(
                "  left out: %s, see the rows with role exemplar"
                    .formatted(Counted.of(exemplars, "exemplars"))));
  }
}
