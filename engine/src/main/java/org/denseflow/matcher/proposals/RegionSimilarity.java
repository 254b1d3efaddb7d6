package org.denseflow.matcher.proposals;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** SCNet's similarity of embedded regions as a graph. */
final class RegionSimilarity {
  private RegionSimilarity() {}

  /**
   * f(m, w) = max(0, c(r, w) · c(s, w)), Eq. 6.
   *
   * @param source {@code [sources, size]}
   * @param target {@code [targets, size]}
   * @return {@code [sources, targets]}
   */
  static SDVariable rectifiedCosine(SDVariable source, SDVariable target) {
    SameDiff graph = source.getSameDiff();
    return graph.nn().relu(graph.mmul(source, target, false, true, false), 0);
  }
}
