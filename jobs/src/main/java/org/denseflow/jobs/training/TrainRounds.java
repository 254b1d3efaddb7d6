package org.denseflow.jobs.training;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.training.TrainerState;
import scala.Tuple2;
import scala.reflect.ClassTag;

/**
 * The work that is sent to the workers. A round is a barrier stage, in which a lost worker repeats
 * the round; the workers' results are averaged by a tree of two levels.
 */
final class TrainRounds {
  private final SparkSession spark;
  private final TrainContext context;
  private final SerializableConfiguration configuration;

  TrainRounds(SparkSession spark, TrainContext context, SerializableConfiguration configuration) {
    this.spark = spark;
    this.context = context;
    this.configuration = configuration;
  }

  /**
   * The state before the first step.
   *
   * @param sample pairs that the learner is to have seen
   */
  TrainerState first(List<PairSample> sample) {
    List<PairSample> seen = List.copyOf(sample);
    TrainContext own = context;
    SerializableConfiguration hadoop = configuration;
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(List.of(0), 1)
        .map(
            zero -> {
              TrainWorker worker = TrainWorkerPool.borrow(own, hadoop.value());
              TrainerState state = worker.first(seen);
              TrainWorkerPool.giveBack(own, worker);
              return state;
            })
        .first();
  }

  /** Some steps on all workers, each on its shard; the mean of their states. */
  RoundResult round(JavaRDD<PairSample> shards, TrainerState state, int steps) {
    Broadcast<TrainerState> broadcast =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(state);
    spark
        .sparkContext()
        .setJobDescription("steps %d to %d".formatted(state.step(), state.step() + steps));
    ClassTag<RoundResult> tag = scala.reflect.ClassTag$.MODULE$.apply(RoundResult.class);
    JavaRDD<RoundResult> results =
        shards
            .rdd()
            .barrier()
            .mapPartitions(new TrainRound(context, broadcast, steps, configuration), false, tag)
            .toJavaRDD();
    // Spark repeats a barrier stage only if a shuffle follows it.
    int groups = (int) Math.ceil(Math.sqrt(context.workers()));
    RoundResult sum =
        RoundResult.sum(
            results
                .mapToPair(own -> new Tuple2<>(own.worker() % groups, own))
                .groupByKey(groups)
                .values()
                .map(RoundResult::sum)
                .collect());
    broadcast.destroy();
    return new RoundResult(
        sum.worker(),
        sum.divergence() == null ? sum.state().divide(sum.workers()) : sum.state(),
        sum.workers(),
        sum.steps(),
        sum.layout(),
        sum.metadata(),
        sum.divergence());
  }

  /** The mean losses of pairs under a state. */
  Map<String, Double> validate(TrainerState state, List<PairSample> pairs) {
    Broadcast<TrainerState> broadcast =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(state);
    spark.sparkContext().setJobDescription("validation at step " + state.step());
    TrainContext known = context;
    SerializableConfiguration hadoop = configuration;
    Map<String, Double> sums =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(pairs, context.workers())
            .mapPartitions(
                rows -> {
                  TrainWorker worker = TrainWorkerPool.borrow(known, hadoop.value());

                  try {
                    Map<String, Double> own = worker.validate(broadcast.value(), list(rows));
                    TrainWorkerPool.giveBack(known, worker);
                    return List.of(own).iterator();
                  } catch (RuntimeException | Error e) {
                    worker.close();
                    throw e;
                  }
                })
            .reduce(TrainRounds::sum);
    broadcast.destroy();
    sums.replaceAll((name, sum) -> sum / pairs.size());
    return sums;
  }

  private static List<PairSample> list(Iterator<PairSample> pairs) {
    List<PairSample> list = new ArrayList<>();
    pairs.forEachRemaining(list::add);
    return list;
  }

  private static Map<String, Double> sum(Map<String, Double> a, Map<String, Double> b) {
    Map<String, Double> sum = new LinkedHashMap<>(a);
    b.forEach((name, value) -> sum.merge(name, value, Double::sum));
    return sum;
  }
}
