package org.denseflow.jobs.report;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.run.ParquetTables;
import org.denseflow.jobs.run.RunDirectory;

/** Scores that EvaluateJob gave to a run's pairs. */
final class PairScores {

  private PairScores() {}

  /**
   * Scores by pair and name; the protocol is part of the name where there are several.
   *
   * @throws UsageException if the folder has no metrics
   */
  static Map<String, Map<String, Double>> read(SparkSession spark, RunDirectory evaluation) {
    if (!evaluation.committedTable("metrics")) {
      throw new UsageException(
          "Invalid --scores: %s has no metrics; give the output of EvaluateJob"
              .formatted(evaluation.uri()));
    }

    Dataset<Row> metrics = ParquetTables.read(spark, evaluation.table("metrics"));
    boolean several = metrics.select("protocol").distinct().count() > 1;
    Map<String, Map<String, Double>> scores = new HashMap<>();

    for (Row row :
        metrics
            .where("not metric like 'pcr@%' and not metric like 'miou@%'")
            .select("pair_id", "protocol", "metric", "value")
            .collectAsList()) {
      String name = several ? row.getString(1) + " " + row.getString(2) : row.getString(2);
      scores.computeIfAbsent(row.getString(0), id -> new TreeMap<>()).put(name, row.getDouble(3));
    }

    return scores;
  }
}
