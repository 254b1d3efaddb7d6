package org.denseflow.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Compares the gradients of a graph in DOUBLE with central differences. The loss is the sum of an
 * output times fixed random weights, so that no entry's gradient cancels by symmetry.
 */
public final class GradientCheck {
  private static final double STEP = 3e-6;
  private static final int ENTRIES = 200;

  private GradientCheck() {}

  /**
   * The largest relative error over all variables of the output's graph, at most 200 random entries
   * of each. Errors are relative to the larger of the two numbers, or to a thousandth of the
   * largest gradient of the same variable where that is more.
   */
  static double largestError(SDVariable output) {
    SameDiff graph = output.getSameDiff();
    INDArray weights = TestArrays.gaussian(99, output.eval().shape());
    return largestError(graph, output.mul(graph.constant(weights)).sum(), Map.of());
  }

  /** The largest relative error of a loss's gradient over all variables of a graph. */
  public static double largestError(SameDiff graph, SDVariable loss, Map<String, INDArray> inputs) {
    String[] names =
        graph.variables().stream()
            .filter(variable -> variable.getVariableType() == VariableType.VARIABLE)
            .map(SDVariable::name)
            .toArray(String[]::new);
    return largestError(graph, loss, inputs, ENTRIES, names);
  }

  /**
   * The largest relative error of a loss's gradient.
   *
   * @param entries at most so many of each variable, chosen at random
   * @param names of the variables
   */
  public static double largestError(
      SameDiff graph, SDVariable loss, Map<String, INDArray> inputs, int entries, String... names) {
    graph.setLossVariables(loss.name());
    QuietGradients.create(graph, names);
    Map<String, INDArray> gradients = new HashMap<>();
    graph.calculateGradients(inputs, names).forEach((k, v) -> gradients.put(k, v.dup()));
    double largest = 0;

    for (String name : names) {
      largest =
          Math.max(
              largest, errorOf(graph, loss.name(), name, gradients.get(name), inputs, entries));
    }

    return largest;
  }

  private static double errorOf(
      SameDiff graph,
      String loss,
      String name,
      INDArray gradient,
      Map<String, INDArray> inputs,
      int count) {
    INDArray values = graph.getVariable(name).getArr();
    double floor = 1e-3 * gradient.amaxNumber().doubleValue();

    if (!(floor > 0)) {
      throw new AssertionError("the gradient of " + name + " is zero everywhere");
    }

    double largest = 0;

    for (int i : entries(values.length(), count)) {
      double original = values.getDouble(i);
      double up = lossAt(graph, loss, inputs, values, i, original + STEP);
      double down = lossAt(graph, loss, inputs, values, i, original - STEP);
      values.putScalar(i, original);
      double expected = (up - down) / (2 * STEP);
      double actual = gradient.getDouble(i);
      double scale = Math.max(floor, Math.max(Math.abs(expected), Math.abs(actual)));
      largest = Math.max(largest, Math.abs(expected - actual) / scale);
    }

    return largest;
  }

  private static double lossAt(
      SameDiff graph,
      String loss,
      Map<String, INDArray> inputs,
      INDArray values,
      int index,
      double value) {
    values.putScalar(index, value);
    return graph.outputSingle(inputs, loss).getDouble(0);
  }

  private static List<Integer> entries(long length, int count) {
    List<Integer> entries = new ArrayList<>();

    for (int i = 0; i < length; i++) {
      entries.add(i);
    }

    Collections.shuffle(entries, new Random(5));
    return entries.subList(0, (int) Math.min(length, count));
  }
}
