package org.denseflow.jobs.plan;

import org.apache.spark.api.java.JavaRDD;

/** The plan of a run, of which the driver sees counts, and executors the tiles. */
public interface RunPlan {

  /** What the driver knows. */
  PlanCounts counts();

  /**
   * The tiles of a chunk in order, those that follow one another in one partition. Partitions cost
   * about the same.
   *
   * @param partitions at most
   */
  JavaRDD<Tile> tiles(int chunk, int partitions);
}
