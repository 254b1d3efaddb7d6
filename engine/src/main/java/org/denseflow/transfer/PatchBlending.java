package org.denseflow.transfer;

import java.util.Arrays;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Bilinear;
import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.style.StyleFeatures;

/**
 * Neural patch blending (SAM-Net, Eq. 8): each cell of the source's features is mixed with the
 * target's features at the places that the matches around it point to, each extended by its own
 * affine map and weighted by its confidence.
 *
 * <p>Our choices: N_i are the 3x3 matches around the cell on the flow's grid, which is coarser than
 * the features'; each counts less with its distance, so that no grid shows; and where a flow comes
 * without affine maps, the map of a match is the least-squares fit to the matches around it. A cell
 * without confident matches keeps its source features.
 */
public final class PatchBlending {
  /** Of the neighbours' weights, in cells of the flow's grid. */
  private static final double SIGMA = 0.6;

  /** Of the matches that a local map is fitted to. */
  private static final int FIT_RADIUS = 2;

  private final FlowField flow;
  private final double[] jacobian;

  /** Prepares blending along a flow from source to target. */
  public PatchBlending(FlowField flow) {
    this.flow = flow;
    this.jacobian = jacobian(flow);
  }

  /**
   * The derivative of the displacement at each cell, {@code [cells, 4]}: d(dx)/dx, d(dx)/dy,
   * d(dy)/dx, d(dy)/dy; 0 where too few matches say anything.
   */
  static double[] jacobian(FlowField flow) {
    double[] result = new double[4 * flow.cells()];

    for (int j = 0; j < flow.cells(); j++) {
      fit(flow, j, result);
    }

    return result;
  }

  /** Weighted least squares through the cell's own displacement. */
  private static void fit(FlowField flow, int j, double[] jacobian) {
    int width = flow.gridWidth();
    int x = j % width;
    int y = j / width;
    double xx = 0;
    double xy = 0;
    double yy = 0;
    double[] right = new double[4];

    for (int v = Math.max(0, y - FIT_RADIUS);
        v <= Math.min(flow.gridHeight() - 1, y + FIT_RADIUS);
        v++) {
      for (int u = Math.max(0, x - FIT_RADIUS); u <= Math.min(width - 1, x + FIT_RADIUS); u++) {
        int k = v * width + u;
        double weight = weight(flow, k);
        double px = (double) (u - x) / width;
        double py = (double) (v - y) / flow.gridHeight();
        xx += weight * px * px;
        xy += weight * px * py;
        yy += weight * py * py;

        for (int axis = 0; axis < 2; axis++) {
          double d = flow.displacement()[2 * k + axis] - flow.displacement()[2 * j + axis];
          right[2 * axis] += weight * px * d;
          right[2 * axis + 1] += weight * py * d;
        }
      }
    }

    double determinant = xx * yy - xy * xy;

    if (determinant > 1e-6 * xx * yy && weight(flow, j) > 0) {
      for (int axis = 0; axis < 2; axis++) {
        double a = right[2 * axis];
        double b = right[2 * axis + 1];
        jacobian[4 * j + 2 * axis] = (yy * a - xy * b) / determinant;
        jacobian[4 * j + 2 * axis + 1] = (xx * b - xy * a) / determinant;
      }
    }
  }

  /** Eq. 9: alpha. */
  private static double weight(FlowField flow, int cell) {
    return flow.valid()[cell] ? flow.confidence()[cell] : 0;
  }

  /**
   * Blends.
   *
   * @param lambda share of the target, 0..1
   */
  public StyleFeatures blend(StyleFeatures source, StyleFeatures target, double lambda) {
    int channels = source.channels();
    float[] values = source.values().clone();
    double[] sum = new double[channels];

    for (int i = 0; i < source.width() * source.height(); i++) {
      Arrays.fill(sum, 0);
      double total =
          gather(
              (i % source.width() + 0.5) / source.width(),
              (i / source.width() + 0.5) / source.height(),
              target,
              sum);

      for (int c = 0; total > 0 && c < channels; c++) {
        int at = i * channels + c;
        values[at] = (float) ((1 - lambda) * values[at] + lambda * sum[c] / total);
      }
    }

    return new StyleFeatures(source.grid(), channels, values);
  }

  /**
   * Adds up the target's features by the matches around a place; returns the sum of their weights.
   */
  private double gather(double px, double py, StyleFeatures target, double[] sum) {
    int width = flow.gridWidth();
    int height = flow.gridHeight();
    int x = Math.min(width - 1, (int) (px * width));
    int y = Math.min(height - 1, (int) (py * height));
    double total = 0;

    for (int v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
      for (int u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
        int j = v * width + u;
        double rx = px - (u + 0.5) / width;
        double ry = py - (v + 0.5) / height;
        double cells = (rx * width * rx * width + ry * height * ry * height) / (SIGMA * SIGMA);
        double weight = weight(flow, j) * Math.exp(-cells / 2);

        if (weight > 0) {
          double qx = px + flow.displacement()[2 * j] + moved(4 * j, rx, ry);
          double qy = py + flow.displacement()[2 * j + 1] + moved(4 * j + 2, rx, ry);
          add(target, qx * target.width() - 0.5, qy * target.height() - 0.5, weight, sum);
          total += weight;
        }
      }
    }

    return total;
  }

  private double moved(int at, double rx, double ry) {
    return jacobian[at] * rx + jacobian[at + 1] * ry;
  }

  private static void add(StyleFeatures map, double x, double y, double weight, double[] sum) {
    Bilinear at = Bilinear.at(map.grid(), x, y, Border.REPLICATE);

    for (int k = 0; k < Bilinear.CORNERS; k++) {
      double share = weight * at.weight(k);
      int from = at.cell(k) * map.channels();

      for (int c = 0; c < sum.length; c++) {
        sum[c] += share * map.values()[from + c];
      }
    }
  }
}
