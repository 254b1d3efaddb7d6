package org.denseflow.matcher.nn;

import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.matcher.CellFlow;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.ReadOut;

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
    double[] kernelX = new double[volume.target().width()];
    double[] kernelY = new double[volume.target().height()];

    for (int i = 0; i < best.length; i++) {
      if (volume.at(i, best[i]) <= 0) {
        flow.invalidate(i);
      } else {
        match(volume, i, best[i], kernelX, kernelY, flow);
      }
    }

    return new Match(flow.field(), score / best.length, 0, Match.Fallback.NONE);
  }

  private void match(
      CorrelationVolume volume,
      int i,
      int best,
      double[] kernelX,
      double[] kernelY,
      CellFlow flow) {
    int width = volume.target().width();

    switch (parameters.argmax()) {
      case HARD -> flow.set(i, best % width, best / width, volume.at(i, best));
      case SOFT -> expect(volume, i, best, Double.POSITIVE_INFINITY, kernelX, kernelY, flow);
      case KERNEL -> expect(volume, i, best, parameters.sigma(), kernelX, kernelY, flow);
    }
  }

  private void expect(
      CorrelationVolume volume,
      int i,
      int best,
      double sigma,
      double[] kernelX,
      double[] kernelY,
      CellFlow flow) {
    int width = volume.target().width();
    gaussian(kernelX, best % width, parameters.sigmaUnit().cells(sigma, width));
    gaussian(kernelY, best / width, parameters.sigmaUnit().cells(sigma, volume.target().height()));
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
