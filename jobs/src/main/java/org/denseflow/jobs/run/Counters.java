package org.denseflow.jobs.run;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counters of tasks, for display only: a task that is tried again counts again.
 *
 * @param done pairs
 * @param failed pairs that failed
 * @param described images that were described
 */
public record Counters(LongAccumulator done, LongAccumulator failed, LongAccumulator described)
    implements Serializable {

  /** New counters of a run. */
  static Counters of(SparkContext spark) {
    return new Counters(
        spark.longAccumulator("pairs done"),
        spark.longAccumulator("pairs failed"),
        spark.longAccumulator("images described"));
  }

  /** What no other run of this application has. */
  long run() {
    return described.id();
  }
}
