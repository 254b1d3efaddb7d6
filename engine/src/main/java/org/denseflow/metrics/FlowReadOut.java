package org.denseflow.metrics;

import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowSampler;

/** Reads a flow at one point as a protocol asks for. */
final class FlowReadOut {

  private FlowReadOut() {}

  /**
   * Where a 0-based pixel of the image under the flow's grid lies in the other image, in 0-based
   * pixels; NaN where the cell that holds the point makes no statement.
   */
  static double[] at(
      FlowField flow,
      Protocol.ReadOut readOut,
      double x,
      double y,
      double[] querySize,
      double[] otherSize) {
    double nx = (x + 0.5) / querySize[0];
    double ny = (y + 0.5) / querySize[1];

    if (!FlowSampler.valid(flow, nx, ny)) {
      return new double[] {Double.NaN, Double.NaN};
    }
    double[] d =
        switch (readOut) {
          case NEAREST -> ofCell(flow, nx, ny);
          case BILINEAR -> FlowSampler.displacement(flow, nx, ny);
        };
    return new double[] {(nx + d[0]) * otherSize[0] - 0.5, (ny + d[1]) * otherSize[1] - 0.5};
  }

  private static double[] ofCell(FlowField flow, double nx, double ny) {
    int column = Math.min(Math.max((int) (nx * flow.gridWidth()), 0), flow.gridWidth() - 1);
    int row = Math.min(Math.max((int) (ny * flow.gridHeight()), 0), flow.gridHeight() - 1);
    int cell = row * flow.gridWidth() + column;
    return new double[] {flow.displacement()[2 * cell], flow.displacement()[2 * cell + 1]};
  }
}
