package org.denseflow.jobs.plan;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Makes the plan of a list, which is a pure function of the set of pairs and the parameters. A list
 * that the driver holds is planned there; any other by Spark, to the same tiles.
 */
public final class Planning {
  private final SparkSession spark;
  private final PairList list;
  private final long pairs;
  private final PlanParameters parameters;
  private int chunks;
  private int tiles;

  /**
   * Prepares to plan.
   *
   * @param pairs how many the list has
   */
  public Planning(SparkSession spark, PairList list, long pairs, PlanParameters parameters) {
    this.spark = spark;
    this.list = list;
    this.pairs = pairs;
    this.parameters = parameters;
  }

  /** With chunks and tiles that are numbered after those of another plan. */
  public Planning after(StoredPlan plan) {
    chunks = plan.counts().chunks().size();
    tiles = plan.nextTile();
    return this;
  }

  /** Plans, and keeps nothing but counts. */
  public PlanCounts counts() {
    if (list.held().isPresent()) {
      return held().counts();
    }

    try (PlanQuery query = new PlanQuery(list.rows(), pairs, parameters)) {
      List<PlannedChunk> chunks =
          query
              .tiles()
              .mapToPair(tile -> new Tuple2<>(tile.chunk(), tile.alone()))
              .reduceByKey(PlannedChunk::plus)
              .values()
              .collect()
              .stream()
              .sorted(Comparator.comparingInt(PlannedChunk::number))
              .toList();
      return new PlanCounts(chunks, images(list.rows()));
    }
  }

  /** Plans, and writes the plan as a table. */
  public RunPlan write(String uri) {
    if (list.held().isPresent()) {
      HeldPlan plan = held();
      StoredPlan.write(
          spark,
          JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(plan.all(), 1),
          uri);
      return plan;
    }

    try (PlanQuery query = new PlanQuery(list.rows(), pairs, parameters)) {
      int before = chunks;
      int numbers = tiles;
      StoredPlan.write(spark, query.tiles().map(tile -> tile.after(before, numbers)), uri);
    }

    return new StoredPlan(spark, List.of(uri));
  }

  /** The plan that was written before, of the same list; in parts if pairs were appended. */
  public RunPlan read(List<String> uris) {
    return list.held().isPresent() && uris.size() == 1 ? held() : new StoredPlan(spark, uris);
  }

  /** Distinct images, told apart by 64 bits of a hash. */
  static long images(Dataset<Row> rows) {
    return rows.select(explode(array(xxhash64(col("source")), xxhash64(col("target")))))
        .distinct()
        .count();
  }

  private HeldPlan held() {
    return new HeldPlan(
        JavaSparkContext.fromSparkContext(spark.sparkContext()),
        new Planner(parameters)
            .plan(list.held().orElseThrow()).stream()
                .map(tile -> tile.after(chunks, tiles))
                .toList());
  }
}
