package org.denseflow.jobs.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.denseflow.training.TrainerState;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** The work of a barrier task: some steps on its own pairs, from the common state. */
final class TrainRound extends AbstractFunction1<Iterator<PairSample>, Iterator<RoundResult>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TrainContext context;
  private final Broadcast<TrainerState> state;
  private final int steps;
  private final SerializableConfiguration configuration;

  TrainRound(
      TrainContext context,
      Broadcast<TrainerState> state,
      int steps,
      SerializableConfiguration configuration) {
    this.context = context;
    this.state = state;
    this.steps = steps;
    this.configuration = configuration;
  }

  @Override
  public Iterator<RoundResult> apply(Iterator<PairSample> shard) {
    List<PairSample> pairs = new ArrayList<>(CollectionConverters.asJava(shard.toSeq()));
    TrainWorker worker = TrainWorkerPool.borrow(context, configuration.value());

    try {
      RoundResult result = worker.train(state.value(), pairs, TaskContext.getPartitionId(), steps);
      TrainWorkerPool.giveBack(context, worker);
      return CollectionConverters.asScala(List.of(result).iterator());
    } catch (RuntimeException | Error e) {
      worker.close();
      throw e;
    }
  }
}
