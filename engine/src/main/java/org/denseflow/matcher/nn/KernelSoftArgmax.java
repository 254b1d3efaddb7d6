package org.denseflow.matcher.nn;

import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.matcher.CellFlow;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.ReadOut;
import org.denseflow.matcher.nn.KernelSoftArgmaxParameters.Argmax;

/**
 * SFNet, Eq. 2-3: the expected target position under softmax(beta · k · c), where c is the
 * rectified volume normalised over the candidates and k a Gaussian around its hard maximum.
 * Confidence is the largest softmax weight, for the hard argmax the largest value of c.
 */
public final class KernelSoftArgmax implements ReadOut {
  private final KernelSoftArgmaxParameters parameters;

  /** Makes a read-out. */
  public KernelSoftArgmax(KernelSoftArgmaxParameters parameters) {
    this.parameters = parameters;
  }

  @Override
  public Match read(CorrelationVolume volume) {
    volume.rectify();
    double score = 0;
    int[] best = volume.bestOfRows();

    for (int i = 0; i < best.length; i++) {
      score += volume.at(i, best[i]);
    }

    volume.normaliseRows();
    CellFlow flow = new CellFlow(volume);
    double[] kernelX = new double[volume.targetWidth()];
    double[] kernelY = new double[volume.targetHeight()];

    for (int i = 0; i < best.length; i++) {
      if (volume.at(i, best[i]) <= 0) {
        flow.invalidate(i);
      } else if (parameters.argmax() == Argmax.HARD) {
        int width = volume.targetWidth();
        flow.set(i, best[i] % width, best[i] / width, volume.at(i, best[i]));
      } else {
        expect(volume, i, best[i], kernelX, kernelY, flow);
      }
    }

    return new Match(flow.field(), score / best.length, 0, Match.Fallback.NONE);
  }

  private void expect(
      CorrelationVolume volume,
      int i,
      int best,
      double[] kernelX,
      double[] kernelY,
      CellFlow flow) {
    int width = volume.targetWidth();
    double sigma =
        parameters.argmax() == Argmax.SOFT ? Double.POSITIVE_INFINITY : parameters.sigma() / 20;
    gaussian(kernelX, best % width, sigma * width);
    gaussian(kernelY, best / width, sigma * volume.targetHeight());
    double peak = parameters.beta() * volume.at(i, best);
    double total = 0;
    double x = 0;
    double y = 0;

    for (int row = 0; row < kernelY.length; row++) {
      for (int column = 0; column < width; column++) {
        double value = volume.at(i, row * width + column) * kernelX[column] * kernelY[row];
        double weight = Math.exp(parameters.beta() * value - peak);
        total += weight;
        x += weight * column;
        y += weight * row;
      }
    }

    flow.set(i, x / total, y / total, 1 / total);
  }

  private static void gaussian(double[] values, int centre, double sigma) {
    for (int k = 0; k < values.length; k++) {
      values[k] = Math.exp(-(k - centre) * (k - centre) / (2 * sigma * sigma));
    }
  }
}
