package org.denseflow.jobs.run;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.ExitCode;

/**
 * The report of a finished run's failures, and its exit code.
 *
 * @param things what fails, in the plural
 * @param id the column that names one
 * @param allowed share of failures that is still a success
 */
public record FailureReport(String things, String id, double allowed) {
  private static final int SHOWN = 5;

  /**
   * How many things there are, and how many failed.
   *
   * @param total how many there are
   * @param codes failures by error code
   */
  public record Tally(long total, Map<String, Long> codes) {

    /** Counts the rows of a table, of things only. */
    public static Tally of(Dataset<Row> rows) {
      long total = 0;
      Map<String, Long> codes = new TreeMap<>();

      for (Row row : rows.groupBy("status", "error_code").count().collectAsList()) {
        total += row.getLong(2);

        if (row.getString(0).equals("failed")) {
          codes.put(row.getString(1), row.getLong(2));
        }
      }

      return new Tally(total, codes);
    }

    /** How many failed. */
    public long failed() {
      return codes.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * Reports.
   *
   * @param rows of the table, of things only
   */
  public ExitCode report(Tally tally, Dataset<Row> rows, PrintStream log) {
    long count = tally.failed();
    long total = tally.total();
    tally
        .codes()
        .forEach(
            (code, own) -> log.printf("  failed with %s: %s%n", code, Counted.of(own, things)));

    if (count > 0) {
      examples(rows.where("status = 'failed'"), log);
    }

    if (count <= allowed * total) {
      return ExitCode.DONE;
    }

    log.printf(
        Locale.ROOT,
        "%d of %d %s failed, more than --max-failed-fraction %s allows: mend what the reasons say and run the same command with --retry-failed, or accept it with --resume --max-failed-fraction %s%n",
        count,
        total,
        things,
        allowed,
        enough(count, total));
    return ExitCode.TOO_MANY_FAILED;
  }

  /** The smallest fraction of three digits that allows the failures. */
  static double enough(long failed, long total) {
    return Math.ceil(1000.0 * failed / total) / 1000;
  }

  private void examples(Dataset<Row> failed, PrintStream log) {
    failed
        .select(functions.col(id), functions.col("error_detail"))
        .orderBy(id)
        .limit(SHOWN)
        .collectAsList()
        .forEach(row -> log.printf("    %s: %s%n", row.get(0), row.get(1)));
  }
}
