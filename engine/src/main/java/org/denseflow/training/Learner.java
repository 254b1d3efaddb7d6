package org.denseflow.training;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.denseflow.graph.GraphMode;
import org.denseflow.graph.TrainingGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A system in training: it prepares examples of pairs and builds the graph that is trained. What
 * depends on frozen parts alone is done in {@link #prepare}, once per pair; its result is kept and
 * read again in later epochs. Used by one thread at a time.
 */
public interface Learner extends AutoCloseable {

  /**
   * An input of the graph.
   *
   * @param name the placeholder's name
   * @param type how an example is kept between epochs; the graph gets its own type
   * @param shape of one example, without the batch
   */
  record Input(String name, DataType type, long... shape) {}

  /** The inputs, in the order in which examples keep them. */
  List<Input> inputs();

  /**
   * What the graph takes, beside the inputs, from a sample of the examples that {@link #fit} has
   * seen before the first step: the same in every step, without a batch. None where nothing is
   * said.
   */
  default List<Input> fitted() {
    return List.of();
  }

  /**
   * Makes what {@link #fitted} lists.
   *
   * @param examples as {@link #prepare} makes them
   * @return one array per entry, of its shape, in single precision
   */
  default Map<String, INDArray> fit(List<Map<String, INDArray>> examples) {
    return Map.of();
  }

  /**
   * All that examples depend on beside their pair and the backbone's weights: examples of the same
   * kind can be shared by trainings.
   */
  String exampleKind();

  /**
   * Makes an example of a pair: one array per input, {@code [1, shape]}, of the input's type.
   *
   * @throws IllegalArgumentException if the pair lacks something, for instance masks
   */
  Map<String, INDArray> prepare(TrainingPair pair);

  /**
   * Makes the graph.
   *
   * @param type FLOAT; DOUBLE for checks
   * @param seed of the first parameters
   */
  TrainingGraph graph(GraphMode mode, DataType type, long seed);

  /**
   * The name of another parameter that a parameter starts as where training starts from a model
   * that lacks it.
   */
  default Optional<String> startsAs(String parameter) {
    return Optional.empty();
  }

  /**
   * The metadata of a model file, with which it can be used without the training's configuration.
   */
  Map<String, String> modelMetadata();

  @Override
  void close();
}
