package org.denseflow.graph;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.api.OutAndGrad;
import org.nd4j.autodiff.samediff.array.SingleThreadArrayHolder;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A SameDiff graph that can be run, and the owner of the native memory that it holds: its constants
 * and variables, and what a run keeps for the next. What a run gives back belongs to the caller.
 * Used by one thread at a time.
 */
public final class OwnedGraph implements AutoCloseable {
  private static final String GRADIENTS = "grad";

  private final SameDiff graph;
  private final Set<INDArray> borrowed = GraphSession.identities();
  private GraphSession forward;
  private GraphSession backward;

  /**
   * An empty graph, to be built and then owned. SameDiff's own holders of arrays have a second copy
   * of each, for other devices.
   */
  public static SameDiff empty() {
    SameDiff graph = SameDiff.create();
    graph.setArrayHolders(new SingleThreadArrayHolder(), new SingleThreadArrayHolder(), false);
    return graph;
  }

  /** Takes a graph with all its constants and variables. */
  public OwnedGraph(SameDiff graph) {
    this(graph, List.of());
  }

  /**
   * Takes a graph.
   *
   * @param borrowed those of its constants that belong to somebody else
   */
  public OwnedGraph(SameDiff graph, Collection<INDArray> borrowed) {
    this.graph = graph;
    this.borrowed.addAll(borrowed);
  }

  /** Computes a variable. */
  public INDArray output(Map<String, INDArray> inputs, String name) {
    return output(inputs, List.of(name)).get(name);
  }

  /** Computes variables, by name. */
  public Map<String, INDArray> output(Map<String, INDArray> inputs, List<String> names) {
    forward = forward == null ? new GraphSession(graph) : forward;
    return run(
        graph,
        forward,
        () ->
            forward.handedOver(
                graph.output(inputs, names.toArray(String[]::new)), staying(inputs)));
  }

  /**
   * Computes variables, and gradients by the gradient graph ({@link QuietGradients}).
   *
   * @param trained names of the variables and placeholders whose gradients are wanted
   */
  public OutAndGrad gradients(
      Map<String, INDArray> inputs, List<String> names, List<String> trained) {
    SameDiff gradients = graph.getFunction(GRADIENTS);
    backward = backward == null ? new GraphSession(gradients) : backward;
    return run(
        gradients,
        backward,
        () -> {
          OutAndGrad made = graph.calculateGradientsAndOutputs(inputs, names, trained);
          Set<DataBuffer> staying = staying(inputs);
          return new OutAndGrad(
              backward.handedOver(made.getOutputs(), staying),
              backward.handedOver(made.getGradients(), staying));
        });
  }

  private static <T> T run(SameDiff graph, GraphSession session, Supplier<T> run) {
    graph.getSessions().clear();
    graph.getSessions().put(Thread.currentThread().getId(), session);

    try {
      return run.get();
    } finally {
      session.sweep();
    }
  }

  /** What a caller must not free: a run's inputs, and the graph's constants and variables. */
  private Set<DataBuffer> staying(Map<String, INDArray> inputs) {
    Set<DataBuffer> staying = GraphSession.identities();
    inputs.values().forEach(array -> staying.add(GraphSession.buffer(array)));
    stated(graph).forEach(array -> staying.add(GraphSession.buffer(array)));
    return staying;
  }

  /** Constants and variables. */
  private static List<INDArray> stated(SameDiff graph) {
    return graph.variables().stream()
        .filter(
            variable ->
                variable.getVariableType() == VariableType.CONSTANT
                    || variable.getVariableType() == VariableType.VARIABLE)
        .map(SDVariable::getArr)
        .filter(array -> array != null && !array.isEmpty())
        .toList();
  }

  @Override
  public void close() {
    close(graph, forward);

    if (graph.getFunction(GRADIENTS) != null) {
      close(graph.getFunction(GRADIENTS), backward);
    }
  }

  private void close(SameDiff graph, GraphSession session) {
    if (session != null) {
      session.close();
    }

    stated(graph).stream()
        .filter(array -> !borrowed.contains(array) && array.closeable())
        .forEach(INDArray::close);
  }
}
