package org.denseflow.flow;

import org.denseflow.image.RgbImage;

/**
 * The Middlebury colour wheel: hue is direction, saturation is length relative to the largest
 * radius. 55 hues (RY 15, YG 6, GC 4, CB 11, BM 13, MR 6), linear in between; unknown pixels are
 * black.
 */
public final class FlowColors {
  private static final int[] SEGMENTS = {15, 6, 4, 11, 13, 6};
  private static final double[][] WHEEL = wheel();

  private FlowColors() {}

  /** Renders with the flow's own largest length as the full radius. */
  public static RgbImage render(PixelFlow flow) {
    return render(flow, largestRadius(flow));
  }

  /**
   * Renders with a given full radius in pixels, so that several pictures compare; longer vectors
   * are darkened.
   */
  public static RgbImage render(PixelFlow flow, double fullRadius) {
    byte[] pixels = new byte[3 * flow.width() * flow.height()];

    for (int i = 0; i < flow.width() * flow.height(); i++) {
      if (flow.known(i)) {
        double scale = fullRadius + 1e-5;
        color(flow.uv()[2 * i] / scale, flow.uv()[2 * i + 1] / scale, pixels, 3 * i);
      }
    }

    return new RgbImage(flow.width(), flow.height(), pixels);
  }

  /** The longest known vector, in pixels; 0 where nothing is known. */
  public static double largestRadius(PixelFlow flow) {
    double largest = 0;

    for (int i = 0; i < flow.width() * flow.height(); i++) {
      if (flow.known(i)) {
        largest = Math.max(largest, Math.hypot(flow.uv()[2 * i], flow.uv()[2 * i + 1]));
      }
    }

    return largest;
  }

  private static void color(double u, double v, byte[] pixels, int at) {
    double radius = Math.hypot(u, v);
    double fk = (Math.atan2(-v, -u) / Math.PI + 1) / 2 * (WHEEL.length - 1);
    int k0 = (int) fk;
    int k1 = (k0 + 1) % WHEEL.length;
    double f = fk - k0;

    for (int c = 0; c < 3; c++) {
      double col = (1 - f) * WHEEL[k0][c] + f * WHEEL[k1][c];
      col = radius <= 1 ? 1 - radius * (1 - col) : col * 0.75;
      pixels[at + c] = (byte) (int) Math.floor(255 * col);
    }
  }

  /**
   * Each segment runs from one primary mixture to the next: one channel full, one rising or
   * falling.
   */
  private static double[][] wheel() {
    int[][] moving = {{0, 1}, {1, 0}, {1, 2}, {2, 1}, {2, 0}, {0, 2}};
    boolean[] rising = {true, false, true, false, true, false};
    double[][] wheel = new double[55][3];
    int k = 0;

    for (int s = 0; s < SEGMENTS.length; s++) {
      for (int i = 0; i < SEGMENTS[s]; i++, k++) {
        double step = Math.floor(255.0 * i / SEGMENTS[s]) / 255;
        wheel[k][moving[s][0]] = 1;
        wheel[k][moving[s][1]] = rising[s] ? step : 1 - step;
      }
    }

    return wheel;
  }
}
