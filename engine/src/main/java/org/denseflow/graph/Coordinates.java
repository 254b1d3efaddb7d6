package org.denseflow.graph;

import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;

/** The two components of positions or flows, {@code [batch, n, 2]}. */
final class Coordinates {

  private Coordinates() {}

  /** The x components, {@code [batch, n, 1]}. */
  static SDVariable x(SDVariable positions) {
    return component(positions, 0);
  }

  /** The y components, {@code [batch, n, 1]}. */
  static SDVariable y(SDVariable positions) {
    return component(positions, 1);
  }

  private static SDVariable component(SDVariable positions, int index) {
    return positions.get(SDIndex.all(), SDIndex.all(), SDIndex.interval(index, index + 1));
  }
}
