package org.denseflow.metrics;

import org.denseflow.flow.FlowField;

/** Reads a flow at one point as a protocol asks for. */
final class FlowReadOut {

  private FlowReadOut() {}

  /**
   * Where a 0-based pixel of the image under the flow's grid lies in the other image, in 0-based
   * pixels; NaN where no read cell makes a statement.
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
    double[] d =
        switch (readOut) {
          case NEAREST -> nearest(flow, nx, ny);
          case BILINEAR -> bilinear(flow, nx, ny);
        };
    return new double[] {
      (nx + d[0]) * otherSize[0] - 0.5, (ny + d[1]) * otherSize[1] - 0.5,
    };
  }

  private static double[] nearest(FlowField flow, double nx, double ny) {
    int column = clamp((int) Math.floor(nx * flow.gridWidth()), flow.gridWidth());
    int row = clamp((int) Math.floor(ny * flow.gridHeight()), flow.gridHeight());
    int cell = row * flow.gridWidth() + column;

    if (!flow.valid()[cell]) {
      return new double[] {Double.NaN, Double.NaN};
    }
    return new double[] {flow.displacement()[2 * cell], flow.displacement()[2 * cell + 1]};
  }

  /** Weights of cells without a statement are shared out among the others. */
  private static double[] bilinear(FlowField flow, double nx, double ny) {
    double gx = Math.min(Math.max(nx * flow.gridWidth() - 0.5, 0), flow.gridWidth() - 1.0);
    double gy = Math.min(Math.max(ny * flow.gridHeight() - 0.5, 0), flow.gridHeight() - 1.0);
    int left = (int) gx;
    int top = (int) gy;
    double dx = 0;
    double dy = 0;
    double total = 0;

    for (int corner = 0; corner < 4; corner++) {
      int column = clamp(left + corner % 2, flow.gridWidth());
      int row = clamp(top + corner / 2, flow.gridHeight());
      int cell = row * flow.gridWidth() + column;
      double wx = corner % 2 == 0 ? 1 - (gx - left) : gx - left;
      double wy = corner / 2 == 0 ? 1 - (gy - top) : gy - top;

      if (flow.valid()[cell] && wx * wy > 0) {
        dx += wx * wy * flow.displacement()[2 * cell];
        dy += wx * wy * flow.displacement()[2 * cell + 1];
        total += wx * wy;
      }
    }
    return new double[] {dx / total, dy / total};
  }

  private static int clamp(int index, int size) {
    return Math.min(Math.max(index, 0), size - 1);
  }
}
