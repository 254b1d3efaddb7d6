package org.denseflow.flow;

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
  public static double[] toTarget(
      FlowField flow,
      double x,
      double y,
      int sourceWidth,
      int sourceHeight,
      int targetWidth,
      int targetHeight) {
    double nx = (x + 0.5) / sourceWidth;
    double ny = (y + 0.5) / sourceHeight;
    double[] d = displacement(flow, nx, ny);
    return new double[] {(nx + d[0]) * targetWidth - 0.5, (ny + d[1]) * targetHeight - 0.5};
  }

  /** The displacement (dx, dy), normalised units, at a normalised source position. */
  public static double[] displacement(FlowField flow, double nx, double ny) {
    Bilinear at = Bilinear.at(flow, nx, ny);
    float[] d = flow.displacement();
    return new double[] {at.read(d, 2, 0), at.read(d, 2, 1)};
  }

  /** The confidence at a normalised source position, interpolated like the displacement. */
  public static double confidence(FlowField flow, double nx, double ny) {
    return Bilinear.at(flow, nx, ny).read(flow.confidence(), 1, 0);
  }

  /** Whether the cell that holds a normalised source position makes a statement. */
  public static boolean valid(FlowField flow, double nx, double ny) {
    int column = Math.min(flow.gridWidth() - 1, Math.max(0, (int) (nx * flow.gridWidth())));
    int row = Math.min(flow.gridHeight() - 1, Math.max(0, (int) (ny * flow.gridHeight())));
    return flow.valid()[row * flow.gridWidth() + column];
  }

  /** Four neighbours and their weights; constant beyond the outermost cell centres. */
  private record Bilinear(int i00, int i01, int i10, int i11, double fx, double fy) {

    static Bilinear at(FlowField flow, double nx, double ny) {
      int width = flow.gridWidth();
      int height = flow.gridHeight();
      double gx = Math.max(0, Math.min(width - 1, nx * width - 0.5));
      double gy = Math.max(0, Math.min(height - 1, ny * height - 0.5));
      int x0 = Math.max(0, Math.min(width - 2, (int) gx));
      int y0 = Math.max(0, Math.min(height - 2, (int) gy));
      int x1 = Math.min(width - 1, x0 + 1);
      int y1 = Math.min(height - 1, y0 + 1);
      return new Bilinear(
          y0 * width + x0, y0 * width + x1, y1 * width + x0, y1 * width + x1, gx - x0, gy - y0);
    }

    double read(float[] values, int stride, int channel) {
      double top = values[i00 * stride + channel] * (1 - fx) + values[i01 * stride + channel] * fx;
      double bottom =
          values[i10 * stride + channel] * (1 - fx) + values[i11 * stride + channel] * fx;
      return top * (1 - fy) + bottom * fy;
    }
  }
}
