package org.denseflow.flow;

import org.denseflow.geometry.Bilinear;
import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;

/** Reads a flow field at any source pixel, by the decoding formula of {@link FlowField}. */
public final class FlowSampler {

  private FlowSampler() {}

  /**
   * Where a source pixel lies in the target.
   *
   * @param x source column in pixels, 0-based, may be fractional
   * @param y source row in pixels
   * @return {target column, target row} in 0-based target pixels; may lie outside the target
   */
  public static double[] toTarget(FlowField flow, double x, double y, Size source, Size target) {
    double nx = (x + 0.5) / source.width();
    double ny = (y + 0.5) / source.height();
    double[] d = displacement(flow, nx, ny);
    return new double[] {(nx + d[0]) * target.width() - 0.5, (ny + d[1]) * target.height() - 0.5};
  }

  /** The displacement (dx, dy), normalised units, at a normalised source position. */
  public static double[] displacement(FlowField flow, double nx, double ny) {
    Bilinear at = at(flow, nx, ny);
    float[] d = flow.displacement();
    return new double[] {at.read(cell -> d[2 * cell]), at.read(cell -> d[2 * cell + 1])};
  }

  /** The confidence at a normalised source position, interpolated like the displacement. */
  public static double confidence(FlowField flow, double nx, double ny) {
    return at(flow, nx, ny).read(cell -> flow.confidence()[cell]);
  }

  /** Whether the cell that holds a normalised source position makes a statement. */
  public static boolean valid(FlowField flow, double nx, double ny) {
    int column = Math.min(flow.gridWidth() - 1, Math.max(0, (int) (nx * flow.gridWidth())));
    int row = Math.min(flow.gridHeight() - 1, Math.max(0, (int) (ny * flow.gridHeight())));
    return flow.valid()[row * flow.gridWidth() + column];
  }

  private static Bilinear at(FlowField flow, double nx, double ny) {
    return Bilinear.at(
        flow.grid(), nx * flow.gridWidth() - 0.5, ny * flow.gridHeight() - 0.5, Border.REPLICATE);
  }
}
