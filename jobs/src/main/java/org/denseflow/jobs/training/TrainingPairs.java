package org.denseflow.jobs.training;

import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.synthesis.SyntheticPairs;
import org.denseflow.synthesis.PairKey;
import scala.Tuple2;

/**
 * The pairs of a SyntheticPairJob's run, in two by their images: those that are trained on, and
 * those of images that training never sees.
 */
final class TrainingPairs {
  private static final int VALIDATION_INDEX = -1;
  private static final int SHARES = 10_000;

  private final SparkSession spark;
  private final TrainRequest request;
  private final TrainJobParameters.Validation validation;

  TrainingPairs(
      SparkSession spark, TrainRequest request, TrainJobParameters.Validation validation) {
    this.spark = spark;
    this.request = request;
    this.validation = validation;
  }

  /** One partition per worker: every so manieth row of the table, in its order. */
  JavaRDD<Row> shards() {
    int workers = request.workers();
    Dataset<Row> table = recipes().where("NOT held").drop("held").orderBy("shuffle_key", "pair_id");
    JavaPairRDD<Long, Row> indexed = table.javaRDD().zipWithIndex().mapToPair(Tuple2::swap);
    long count = indexed.count();

    if (count < workers) {
      throw new UsageException(
          "Cannot train on %d workers with %d pairs".formatted(workers, count));
    }

    return indexed
        .mapToPair(row -> new Tuple2<>((int) (row._1() % workers), row))
        .partitionBy(new HashPartitioner(workers))
        .values()
        .mapPartitions(TrainingPairs::inOrder, true)
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static Iterator<Row> inOrder(Iterator<Tuple2<Long, Row>> rows) {
    TreeMap<Long, Row> sorted = new TreeMap<>();
    rows.forEachRemaining(row -> sorted.put(row._1(), row._2()));
    return sorted.values().iterator();
  }

  /** Pairs for validation, of images that training does not see. */
  List<Row> held() {
    return recipes()
        .where("held")
        .drop("held")
        .orderBy("shuffle_key", "pair_id")
        .limit(validation.pairs())
        .collectAsList();
  }

  /** The rows that can be used, without pixels: views are rendered, which gives the same ones. */
  private Dataset<Row> recipes() {
    double share = validation.share();
    long seed = request.seed();
    spark
        .udf()
        .register(
            "df_held",
            (String image) ->
                PairKey.of(seed, image, VALIDATION_INDEX).range(SHARES) < share * SHARES,
            DataTypes.BooleanType);
    return SyntheticPairs.recipes(spark, request.pairs())
        .where("status = 'ok'")
        .withColumn("held", functions.callUDF("df_held", functions.col("image_id")));
  }
}
