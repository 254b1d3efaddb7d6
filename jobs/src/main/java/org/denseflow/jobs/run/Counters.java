package org.denseflow.jobs.run;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counters of tasks, for display only: a task that is tried again counts again.
 *
 * @param done pairs, or what else is computed
 * @param failed those that failed
 * @param described images that were described
 */
public record Counters(LongAccumulator done, LongAccumulator failed, LongAccumulator described)
    implements Serializable {

  /** New counters of a run over things, in the plural. */
  public static Counters of(SparkContext spark, String things) {
    return new Counters(
        spark.longAccumulator(things + " done"),
        spark.longAccumulator(things + " failed"),
        spark.longAccumulator("images described"));
  }
}
