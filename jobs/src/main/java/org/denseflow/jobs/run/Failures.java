package org.denseflow.jobs.run;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.denseflow.jobs.ExitCode;

/**
 * What a finished run says of its failures, and what it ends with.
 *
 * @param things what fails, in the plural
 * @param id the column that names one
 * @param allowed share of failures that is still a success
 */
public record Failures(String things, String id, double allowed) {
  private static final int SHOWN = 5;

  /**
   * Reports.
   *
   * @param rows of the table, of things only
   * @param total how many there are
   */
  public ExitCode report(Dataset<Row> rows, long total, PrintStream log) {
    Dataset<Row> failed = rows.where("status = 'failed'");
    long count = 0;

    for (Row row : codes(failed)) {
      count += row.getLong(1);
      log.printf("  failed with %s: %d %s%n", row.get(0), row.getLong(1), things);
    }

    if (count > 0) {
      examples(failed, log);
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

  /** The smallest fraction of three digits that so many failures do not exceed. */
  static double enough(long failed, long total) {
    return Math.ceil(1000.0 * failed / total) / 1000;
  }

  private static List<Row> codes(Dataset<Row> failed) {
    return failed.groupBy("error_code").count().orderBy("error_code").collectAsList();
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
