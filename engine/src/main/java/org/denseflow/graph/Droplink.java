package org.denseflow.graph;

import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The droplink layer (SAM-Net, Eq. 10): features that come from below and those that skip the
 * bottleneck, (1 - b) · below + b · skipped. In training b is 0 or 1, drawn for each example; in
 * testing it is one half.
 */
public final class Droplink {
  /** b in testing. */
  public static final double MEAN = 0.5;

  private Droplink() {}

  /**
   * Links in training.
   *
   * @param below {@code [batch, h, w, channels]}
   * @param skipped of the same shape
   * @param values numbers of an example, h·w·channels
   * @param links b of each example and link, {@code [batch, count]}
   * @param link which of them
   */
  public static SDVariable apply(
      SDVariable below, SDVariable skipped, long values, SDVariable links, int link) {
    SameDiff graph = below.getSameDiff();
    SDVariable own = links.get(SDIndex.all(), SDIndex.interval(link, link + 1)).reshape(-1);
    // a diagonal matrix: the gradient of a product with implicit broadcasting is slow
    SDVariable difference = skipped.sub(below).reshape(-1, values);
    SDVariable linked = graph.mmul(graph.math().diag(own), difference);
    return below.add(graph.reshape(linked, graph.shape(below)));
  }

  /** Links in testing. */
  public static SDVariable apply(SDVariable below, SDVariable skipped) {
    return below.mul(1 - MEAN).add(skipped.mul(MEAN));
  }
}
