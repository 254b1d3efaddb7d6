package org.denseflow.training;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link GradientCheck} for whole graphs with placeholders, from other packages. */
public final class GradientChecks {

  private GradientChecks() {}

  /** The largest relative error of the loss's gradient over all variables of a graph. */
  public static double largestError(
      SameDiff graph, SDVariable loss, Map<String, INDArray> placeholders) {
    return GradientCheck.largestError(graph, loss, placeholders);
  }
}
