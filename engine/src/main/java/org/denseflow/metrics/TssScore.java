package org.denseflow.metrics;

import org.denseflow.flow.PixelFlow;
import org.denseflow.geometry.Bilinear;
import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;

/**
 * The scores of the TSS evaluation kit (Taniai, Sinha and Sato, CVPR 2016), MATLAB variant. A pair
 * gives two directed scores, 1 → 2 and 2 → 1; "other" is the image that the flow points into.
 */
public final class TssScore {

  /** Thresholds T = 1..50, in percent of the other truth's longer side. */
  public static final int THRESHOLDS = 50;

  /** The threshold that papers report. */
  public static final int PRIMARY_THRESHOLD = 5;

  private static final float UNKNOWN_FROM = 1e9f;

  private TssScore() {}

  /**
   * Flow accuracy at T = 1..50: {@code [50]}, index T − 1; the share of known truth pixels whose
   * end-point error is at most T · max(width, height) / 100 of the other image's truth. NaN where
   * no truth pixel is known.
   *
   * @param predicted on any grid; resized to the truth's when it differs
   * @param predictedOther size of the grid that the prediction points into
   * @param truth the ground truth; known where its horizontal component is below 1e9
   * @param truthOther size of the other image's ground truth
   */
  public static double[] flowAccuracy(
      PixelFlow predicted, Size predictedOther, PixelFlow truth, Size truthOther) {
    PixelFlow flow =
        resize(predicted, predictedOther, new Size(truth.width(), truth.height()), truthOther);
    double unit = Math.max(truthOther.width(), truthOther.height()) / 100.0;
    long[] wrong = new long[THRESHOLDS];
    long known = 0;

    for (int p = 0; p < truth.width() * truth.height(); p++) {
      if (truth.uv()[2 * p] < UNKNOWN_FROM) {
        known++;
        double error = error(flow, truth, p);

        for (int t = 1; t <= THRESHOLDS && !(error <= t * unit); t++) {
          wrong[t - 1]++;
        }
      }
    }
    double[] accuracy = new double[THRESHOLDS];

    for (int t = 0; t < THRESHOLDS; t++) {
      accuracy[t] = known == 0 ? Double.NaN : 1 - (double) wrong[t] / known;
    }
    return accuracy;
  }

  /**
   * A flow on another grid, pointing into another size: bilinear on the vectors (cell centres, held
   * constant at the border), then every end point is scaled with the other image. Pixels that an
   * unknown vector contributes to become 1e10.
   */
  public static PixelFlow resize(PixelFlow flow, Size other, Size newSize, Size newOther) {
    if (newSize.width() == flow.width()
        && newSize.height() == flow.height()
        && other.equals(newOther)) {
      return flow;
    }
    float[] uv = new float[2 * newSize.width() * newSize.height()];

    for (int y = 0; y < newSize.height(); y++) {
      for (int x = 0; x < newSize.width(); x++) {
        int p = 2 * (y * newSize.width() + x);
        double oldX = (double) x / newSize.width() * flow.width();
        double oldY = (double) y / newSize.height() * flow.height();
        double[] vector =
            sample(
                flow,
                (x + 0.5) * flow.width() / newSize.width() - 0.5,
                (y + 0.5) * flow.height() / newSize.height() - 0.5);
        boolean known = Math.abs(vector[0]) < UNKNOWN_FROM && Math.abs(vector[1]) < UNKNOWN_FROM;
        uv[p] =
            known
                ? (float) ((vector[0] + oldX) / other.width() * newOther.width() - x)
                : PixelFlow.UNKNOWN;
        uv[p + 1] =
            known
                ? (float) ((vector[1] + oldY) / other.height() * newOther.height() - y)
                : PixelFlow.UNKNOWN;
      }
    }
    return new PixelFlow(newSize.width(), newSize.height(), uv);
  }

  /** IoU of masks; the predicted one is first resized to the truth's size, bilinear, over 0.5. */
  public static double iou(Mask predicted, Mask truth) {
    return MaskScores.iou(MaskResize.bilinear(predicted, truth.width(), truth.height()), truth);
  }

  private static double error(PixelFlow a, PixelFlow b, int p) {
    return Math.hypot(
        (double) a.uv()[2 * p] - b.uv()[2 * p], (double) a.uv()[2 * p + 1] - b.uv()[2 * p + 1]);
  }

  private static double[] sample(PixelFlow flow, double x, double y) {
    Bilinear at = Bilinear.at(flow.size(), x, y, Border.REPLICATE);
    double[] sum = new double[2];

    for (int corner = 0; corner < Bilinear.CORNERS; corner++) {
      double weight = at.weight(corner);
      int pixel = at.cell(corner);

      if (weight > 0 && !flow.known(pixel)) {
        return new double[] {PixelFlow.UNKNOWN, PixelFlow.UNKNOWN};
      }
      if (weight > 0) {
        sum[0] += weight * flow.uv()[2 * pixel];
        sum[1] += weight * flow.uv()[2 * pixel + 1];
      }
    }
    return sum;
  }
}
