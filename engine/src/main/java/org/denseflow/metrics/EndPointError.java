package org.denseflow.metrics;

import org.denseflow.flow.PixelFlow;

/**
 * Mean end-point error and KITTI's Fl-all (the share of pixels that are off by more than 3 pixels
 * and by more than 5 % of the true displacement's length), over the pixels whose truth is known.
 *
 * @param epe mean distance in pixels over pixels known in both fields; NaN when there is none
 * @param flAll share of outliers, 0..1; a pixel whose prediction is unknown is one; NaN without
 *     known truth
 * @param pixels pixels with known truth
 * @param unpredicted those of them without a prediction
 */
public record EndPointError(double epe, double flAll, long pixels, long unpredicted) {

  private static final double OUTLIER_PIXELS = 3;
  private static final double OUTLIER_SHARE = 0.05;

  /**
   * Compares two fields of one size.
   *
   * @throws IllegalArgumentException if the sizes differ
   */
  public static EndPointError of(PixelFlow predicted, PixelFlow truth) {
    if (predicted.width() != truth.width() || predicted.height() != truth.height()) {
      throw new IllegalArgumentException(
          "Cannot compare flows: predicted %dx%d, truth %dx%d"
              .formatted(predicted.width(), predicted.height(), truth.width(), truth.height()));
    }
    long pixels = 0;
    long unpredicted = 0;
    long outliers = 0;
    double sum = 0;

    for (int p = 0; p < truth.width() * truth.height(); p++) {
      if (truth.known(p)) {
        pixels++;

        if (predicted.known(p)) {
          double error = distance(predicted, truth, p);
          double length = Math.hypot(truth.uv()[2 * p], truth.uv()[2 * p + 1]);
          sum += error;
          outliers += error > OUTLIER_PIXELS && error > OUTLIER_SHARE * length ? 1 : 0;
        } else {
          unpredicted++;
        }
      }
    }
    return new EndPointError(
        sum / (pixels - unpredicted),
        (double) (outliers + unpredicted) / pixels,
        pixels,
        unpredicted);
  }

  private static double distance(PixelFlow a, PixelFlow b, int p) {
    return Math.hypot(
        (double) a.uv()[2 * p] - b.uv()[2 * p], (double) a.uv()[2 * p + 1] - b.uv()[2 * p + 1]);
  }
}
