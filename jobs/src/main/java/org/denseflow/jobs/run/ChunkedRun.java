package org.denseflow.jobs.run;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.ExitCode;

/** The outline of a {@link ChunkedJob}: chunks, derived tables, recount, manifest, report. */
final class ChunkedRun {
  private final ChunkedJob job;
  private final ChunkedTable table;
  private final JobSetup setup;
  private final SparkSession spark;
  private final PrintStream log;

  ChunkedRun(ChunkedJob job) {
    this.job = job;
    this.table = job.table();
    this.setup = job.setup();
    this.spark = setup.spark();
    this.log = setup.log();
  }

  ExitCode execute(RunDirectory run, StartMode start) {
    Counters counters = Counters.of(spark.sparkContext(), table.things());
    List<Long> sizes = job.open(run, start, counters);
    long begun = System.nanoTime();
    Map<Integer, Integer> generations = run.takeOver(table.name());
    Set<Integer> committed = Set.copyOf(generations.keySet());

    if (start.keeps()) {
      log.printf("resumed: %d of %d chunks committed%n", committed.size(), sizes.size());
    }

    List<String> derived = derived(run);
    Map<Integer, Long> open = new HashMap<>();

    if (start == StartMode.RETRY_FAILED) {
      open.putAll(job.failed(run, committed));
    }

    for (int chunk = 0; chunk < sizes.size(); chunk++) {
      if (!committed.contains(chunk)) {
        open.put(chunk, sizes.get(chunk));
      }
    }

    long things = sum(open.values());

    try (Progress progress =
        new Progress(table.things(), log, counters.done(), counters.failed(), things)) {
      compute(run, progress, sizes.size(), open.keySet(), generations, derived);
    }

    double seconds = (System.nanoTime() - begun) / 1e9;
    long described = counters.described().value();
    log.printf(
        "computed: %s in %.1f s, %.1f %s/s%s%n",
        Counted.of(things, table.things()),
        seconds,
        things / seconds,
        table.things(),
        described == 0 ? "" : "; described " + Counted.of(described, "images"));
    return finish(run, sizes, derived);
  }

  /** The derived tables that are asked for, and those that a finished run has. */
  private List<String> derived(RunDirectory run) {
    Set<String> tables = new LinkedHashSet<>(job.derived());
    run.manifest().ifPresent(manifest -> tables.addAll(manifest.tables()));
    tables.removeAll(own());
    return List.copyOf(tables);
  }

  private List<String> own() {
    List<String> tables = new ArrayList<>(job.before());
    tables.add(table.name());
    return tables;
  }

  private void compute(
      RunDirectory run,
      Progress progress,
      int chunks,
      Set<Integer> open,
      Map<Integer, Integer> generations,
      List<String> derived) {
    Map<String, Map<Integer, Integer>> made = new HashMap<>();
    derived.forEach(name -> made.put(name, run.generations(name)));
    Chunks.compute(
        spark.sparkContext(),
        run,
        progress,
        table.name(),
        chunks,
        job.tasks(),
        number -> {
          Chunk chunk = run.chunk(table.name(), number);

          Integer before = generations.get(number);
          int generation =
              !open.contains(number)
                  ? before
                  : before == null
                      ? chunk.write(job.rows(number), 0, table.parquet())
                      : chunk.write(
                          job.mended(number, chunk.read(spark, table.schema())),
                          before + 1,
                          table.parquet());
          made.forEach(
              (name, own) -> {
                if (own.getOrDefault(number, ChunkFiles.NONE) < generation) {
                  job.derive(run, name, number, generation);
                }
              });
        });
  }

  private ExitCode finish(RunDirectory run, List<Long> sizes, List<String> derived) {
    List<String> tables = own();
    tables.addAll(derived);
    run.settle(tables);
    Dataset<Row> rows = ParquetTables.read(spark, table.schema(), run.table(table.name()));
    Dataset<Row> listed = job.listed(rows);
    FailureReport.Tally tally = FailureReport.Tally.of(listed);
    long found = tally.total() + job.unlisted(rows);

    if (found != sum(sizes)) {
      throw new IllegalStateException(
          "The %s table has %d %s, the plan %d"
              .formatted(table.name(), found, table.things(), sum(sizes)));
    }

    ChunkedJob.Findings findings = job.find(run, rows, tally);

    if (run.manifest().isEmpty()) {
      Map<String, Long> counts = new TreeMap<>(findings.counts());
      counts.put(table.things(), tally.total());
      counts.put("failed", tally.failed());
      run.writeManifest(setup.manifest(findings.inputs(), counts, sizes.size(), tables));
    }

    job.finish(run, rows);
    log.printf(
        "done: %s, %d failed%s, in %s%n",
        Counted.of(tally.total(), table.things()), tally.failed(), findings.text(), run.uri());
    derived.forEach(name -> log.printf("%s: %s%n", name, run.table(name)));
    job.notes(run, rows).forEach(log::println);
    return new FailureReport(table.things(), table.id(), table.maxFailedFraction())
        .report(tally, listed, log);
  }

  private static long sum(Iterable<Long> sizes) {
    long sum = 0;

    for (long size : sizes) {
      sum += size;
    }

    return sum;
  }
}
