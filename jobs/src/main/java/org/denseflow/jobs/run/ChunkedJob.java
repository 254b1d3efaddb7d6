package org.denseflow.jobs.run;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.denseflow.jobs.ExitCode;

/**
 * The own part of a job that computes a table chunk by chunk; {@link ChunkedRun} is the rest. A
 * chunk is one Spark write and counts once its marker exists; nothing committed is written again,
 * but where things that failed are retried.
 */
public interface ChunkedJob extends Job {

  /**
   * What is known of a finished table.
   *
   * @param inputs what went in, by name, for the manifest
   * @param counts what came out besides things and failures, by name, for the manifest
   * @param text what the last line says of it
   */
  record Findings(Map<String, String> inputs, Map<String, Long> counts, String text) {}

  /** The table. */
  ChunkedTable table();

  /** Derived tables that are asked for. */
  default List<String> derived() {
    return List.of();
  }

  /** Tables that are written before this one. */
  default List<String> before() {
    return List.of();
  }

  /**
   * Opens the plan of a run that was begun, and tells it.
   *
   * @param counters of the tasks
   * @return how many things each chunk has, about; the sum is exact
   */
  List<Long> open(RunDirectory run, StartMode start, Counters counters);

  /** How many tasks all chunks have. */
  int tasks();

  /**
   * Looks for what failed in committed chunks; where there is something, the run is not finished
   * any more. Cut off before a chunk's new rows are there, it keeps the old ones.
   *
   * @return how many things of which chunks are computed again
   */
  Map<Integer, Long> failed(RunDirectory run, Set<Integer> committed);

  /** The rows of a chunk. */
  Dataset<Row> rows(int chunk);

  /**
   * The rows of a chunk in which things failed, those computed again.
   *
   * @param before its rows as they are
   */
  Dataset<Row> mended(int chunk, Dataset<Row> before);

  /** Writes a chunk of a derived table from the committed rows of that chunk and generation. */
  default void derive(RunDirectory run, String table, int chunk, int generation) {}

  /** The rows of things, which are counted. */
  default Dataset<Row> listed(Dataset<Row> rows) {
    return rows;
  }

  /** How many rows of the plan are not of these. */
  default long unlisted(Dataset<Row> rows) {
    return 0;
  }

  /** Looks at all rows. */
  Findings find(RunDirectory run, Dataset<Row> rows, FailureReport.Tally tally);

  /** Leaves with a finished run what else belongs to it: pictures, reports. */
  default void finish(RunDirectory run, Dataset<Row> rows) {}

  /** What people are told at the end. */
  Stream<String> notes(RunDirectory run, Dataset<Row> rows);

  @Override
  default ExitCode execute(RunDirectory run, StartMode start) {
    return new ChunkedRun(this).execute(run, start);
  }
}
