package org.denseflow.graph;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Softmax cross entropy over the candidates of a window, RTNs, Section 3.3, and SAM-Net, Eq. 12,
 * from x - log-sum-exp(x), since SameDiff's own logSoftmax and logSumExp have no gradient.
 */
public final class SoftmaxCrossEntropy {

  private SoftmaxCrossEntropy() {}

  /**
   * The log of the sum of exp(x) along an axis, by way of the maximum, so that it does not
   * overflow.
   *
   * @return the shape of x with the axis of length 1
   */
  public static SDVariable logSumExp(SDVariable x, int axis) {
    SameDiff graph = x.getSameDiff();
    SDVariable largest = x.max(true, axis);
    SDVariable sum = graph.math().exp(x.sub(largest)).sum(true, axis);
    return graph.math().log(sum).add(largest);
  }

  /**
   * The negative log likelihood of each cell's label.
   *
   * @param scores {@code [batch, h, w, k]}
   * @param labels {@code [batch, h, w, k]} or {@code [k]}, weights of the candidates that sum to 1:
   *     one-hot for a single right candidate
   * @return {@code [batch, h, w, 1]}
   */
  public static SDVariable ofCells(SDVariable scores, SDVariable labels) {
    return scores.sub(logSumExp(scores, 3)).mul(labels).sum(true, 3).neg();
  }

  /**
   * The mean over the batch of sum(mask · loss) / (sum(mask) + 1), with the loss of each cell.
   *
   * @param scores {@code [batch, h, w, k]}
   * @param labels as for {@link #ofCells}
   * @param mask {@code [batch, h, w, 1]}, 1 for the cells that count
   * @return a scalar
   */
  public static SDVariable masked(SDVariable scores, SDVariable labels, SDVariable mask) {
    return FlowLosses.foregroundMean(ofCells(scores, labels), mask);
  }
}
