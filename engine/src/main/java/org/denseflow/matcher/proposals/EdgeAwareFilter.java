package org.denseflow.matcher.proposals;

import org.denseflow.image.FloatImage;
import org.denseflow.matcher.proposals.RegionParameters.FlowParameters;

/**
 * Fills and smooths a flow along the edges of an image: the filter with static and dynamic guidance
 * (Ham, Cho and Ponce, CVPR 2015) that Proposal Flow ends with. Minimises the sum over assigned
 * cells p of |u_p - f_p|² and over 4-neighbours p and q of lambda · (a(p, q) · b(p, q) + 1e-5) ·
 * |u_p - u_q|², where a falls off with the squared difference of the image's colours and b with
 * that of the flow itself: exp(-falloff · difference). b is 1 first and taken from the result for
 * one more round.
 */
final class EdgeAwareFilter {
  private static final int ROUNDS = 2;
  private static final double LEAST = 1e-5;

  private final FlowParameters parameters;

  EdgeAwareFilter(FlowParameters parameters) {
    this.parameters = parameters;
  }

  /**
   * Filters.
   *
   * @param guide on the flow's grid, 0..255
   * @param flow {@code [height, width, 2]} in fractions of the sides; replaced
   * @param assigned {@code [height, width]}: where the flow is known
   */
  void apply(FloatImage guide, float[] flow, boolean[] assigned) {
    SmoothnessSystem system = new SmoothnessSystem(guide.width(), guide.height(), assigned);
    double[][] known = {component(flow, 0), component(flow, 1)};
    double[][] u = {new double[assigned.length], new double[assigned.length]};

    for (int round = 0; round < ROUNDS; round++) {
      system.weigh((p, q) -> weight(guide.values(), u, p, q));
      system.solve(known[0], u[0]);
      system.solve(known[1], u[1]);
    }

    for (int i = 0; i < assigned.length; i++) {
      flow[2 * i] = (float) u[0][i];
      flow[2 * i + 1] = (float) u[1][i];
    }
  }

  private double weight(float[] colors, double[][] u, int p, int q) {
    double color = 0;

    for (int c = 0; c < 3; c++) {
      double d = (colors[3 * p + c] - colors[3 * q + c]) / 255;
      color += d * d;
    }

    double dx = u[0][p] - u[0][q];
    double dy = u[1][p] - u[1][q];
    double similar =
        Math.exp(
            -parameters.guideFalloff() * color - parameters.flowFalloff() * (dx * dx + dy * dy));
    return parameters.lambda() * (similar + LEAST);
  }

  private static double[] component(float[] flow, int axis) {
    double[] values = new double[flow.length / 2];

    for (int i = 0; i < values.length; i++) {
      values[i] = flow[2 * i + axis];
    }

    return values;
  }
}
