package org.denseflow.jobs.training;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.denseflow.jobs.Counted;
import org.denseflow.jobs.UsageException;
import org.denseflow.jobs.run.Reading;
import org.denseflow.jobs.synthesis.SyntheticPairs;
import org.denseflow.synthesis.PairKey;
import org.denseflow.training.TrainingStage;
import scala.Tuple2;

/**
 * The pairs of a training, split by images: pairs that are trained on, and pairs for validation,
 * each with an image that training never sees.
 */
final class TrainingPairs {
  private static final int VALIDATION_INDEX = -1;
  private static final int ORDER_INDEX = -2;
  private static final int SHARES = 10_000;

  private final SparkSession spark;
  private final TrainRequest request;
  private final List<PhotographSample> images;
  private final TrainJobParameters.Validation validation;
  private final Map<TrainingStage.Pairs, JavaRDD<PairSample>> shards =
      new EnumMap<>(TrainingStage.Pairs.class);
  private final Map<TrainingStage.Pairs, List<PairSample>> held =
      new EnumMap<>(TrainingStage.Pairs.class);

  /**
   * Reads nothing yet.
   *
   * @param images all pairs of photographs
   */
  TrainingPairs(
      SparkSession spark,
      TrainRequest request,
      List<PhotographSample> images,
      TrainJobParameters.Validation validation) {
    this.spark = spark;
    this.request = request;
    this.images = images;
    this.validation = validation;
  }

  /** One partition per worker: pairs are dealt to the workers in turn, and keep their order. */
  JavaRDD<PairSample> shards(TrainingStage.Pairs kind) {
    return shards.computeIfAbsent(kind, this::makeShards);
  }

  /** Pairs for validation. */
  List<PairSample> held(TrainingStage.Pairs kind) {
    return held.computeIfAbsent(kind, own -> samples(own, true).take(validation.pairs()));
  }

  /** The first pairs to train on. */
  List<PairSample> sample(TrainingStage.Pairs kind, int count) {
    return count == 0 ? List.of() : samples(kind, false).take(count);
  }

  private JavaRDD<PairSample> makeShards(TrainingStage.Pairs kind) {
    int workers = request.workers();
    JavaPairRDD<Long, PairSample> indexed =
        samples(kind, false).zipWithIndex().mapToPair(Tuple2::swap);
    long count = indexed.count();

    if (count < workers) {
      throw new UsageException(
          "Cannot train on %s with %s; pass fewer --workers"
              .formatted(Counted.of(workers, "workers"), Counted.of(count, "pairs")));
    }

    return indexed
        .mapToPair(sample -> new Tuple2<>((int) (sample._1() % workers), sample))
        .partitionBy(new HashPartitioner(workers))
        .values()
        .mapPartitions(TrainingPairs::inOrder, true)
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  private static Iterator<PairSample> inOrder(Iterator<Tuple2<Long, PairSample>> samples) {
    TreeMap<Long, PairSample> sorted = new TreeMap<>();
    samples.forEachRemaining(sample -> sorted.put(sample._1(), sample._2()));
    return sorted.values().iterator();
  }

  /** In random order, which depends on the seed alone. */
  private JavaRDD<PairSample> samples(TrainingStage.Pairs kind, boolean held) {
    double share = validation.share();
    long seed = request.seed();
    JavaRDD<PairSample> all = kind == TrainingStage.Pairs.SYNTHETIC ? synthetic() : photographs();
    return all.filter(
        sample -> sample.images().stream().anyMatch(image -> isHeld(seed, image, share)) == held);
  }

  private static boolean isHeld(long seed, String image, double share) {
    return PairKey.of(seed, image, VALIDATION_INDEX).range(SHARES) < share * SHARES;
  }

  private JavaRDD<PairSample> synthetic() {
    Reading own = SyntheticPairs.reading(spark, request.pairs());
    return SyntheticPairs.recipes(spark, request.pairs())
        .where("status = 'ok'")
        .orderBy("shuffle_key", "pair_id")
        .javaRDD()
        .map(row -> new SyntheticSample(row, own));
  }

  private JavaRDD<PairSample> photographs() {
    long seed = request.seed();
    List<PairSample> ordered =
        images.stream()
            .map(PairSample.class::cast)
            .sorted(
                Comparator.comparingLong(
                        (PairSample sample) -> PairKey.of(seed, sample.id(), ORDER_INDEX).shuffle())
                    .thenComparing(PairSample::id))
            .toList();
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(ordered);
  }
}
