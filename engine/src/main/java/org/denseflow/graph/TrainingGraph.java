package org.denseflow.graph;

import java.util.List;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;

/**
 * The graph of a training: losses, parameters and batch normalisations. Its parameters are the
 * graph's variables in the order in which they were made.
 *
 * @param graph the graph; its placeholders are the learner's inputs and, for {@link
 *     Mode#INFERENCE}, the running statistics
 * @param total what is minimised, a scalar
 * @param terms scalars to report beside the total: the weighted terms of the loss, error measures
 * @param statistics the batch normalisations, in the order in which they were made
 * @param frozen names of parameters that stay as they are and that models have all the same
 */
public record TrainingGraph(
    SameDiff graph,
    SDVariable total,
    List<SDVariable> terms,
    List<Statistic> statistics,
    Set<String> frozen) {

  /** All parameters are trained. */
  public TrainingGraph(
      SameDiff graph, SDVariable total, List<SDVariable> terms, List<Statistic> statistics) {
    this(graph, total, terms, statistics, Set.of());
  }

  /**
   * A batch normalisation whose statistics are kept.
   *
   * @param name of its block; the placeholders of {@link GraphMode#INFERENCE} are {@link #meanName}
   *     and {@link #varianceName}
   * @param channels length of both
   * @param applications the statistics of the batch, one for each use of the block in {@link
   *     Mode#TRAINING}
   * @param valuesPerExample values of one example that a channel's mean is taken over
   */
  public record Statistic(
      String name,
      int channels,
      List<BatchNormalisation.Trained> applications,
      long valuesPerExample) {

    /** The name of the running mean of a block. */
    public static String meanName(String block) {
      return block + ".norm.running_mean";
    }

    /** The name of the running variance of a block. */
    public static String varianceName(String block) {
      return block + ".norm.running_var";
    }
  }

  /** Those that are trained, of {@link #parameters}. */
  public List<SDVariable> trained() {
    return parameters().stream().filter(variable -> !frozen.contains(variable.name())).toList();
  }

  /** All parameters: the graph's variables. */
  public List<SDVariable> parameters() {
    return graph.variables().stream()
        .filter(variable -> variable.getVariableType() == VariableType.VARIABLE)
        .toList();
  }
}
