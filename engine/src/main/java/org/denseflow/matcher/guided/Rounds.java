package org.denseflow.matcher.guided;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.geometry.Size;

/** What the rounds of guided matching need of the grids alone; used by one thread at a time. */
final class Rounds {
  /** Agreement is rounded to a 16th where it widens, so that a round has few Gaussians. */
  private static final int PARTS = 16;

  private final GuidedParameters parameters;
  private final Size source;
  private final Size target;
  private final List<MovingLeastSquares> propagations;
  private final Map<Double, GridGaussian> modulations = new HashMap<>();

  Rounds(GuidedParameters parameters, CorrelationVolume volume) {
    this.parameters = parameters;
    source = volume.source();
    target = volume.target();
    propagations =
        parameters.propagationSigma().stream()
            .map(sigma -> new MovingLeastSquares(source, sigma, parameters.affineRidge()))
            .toList();
  }

  /** Whether it is for grids of the volume's sizes. */
  boolean areFor(CorrelationVolume volume) {
    return source.equals(volume.source()) && target.equals(volume.target());
  }

  MovingLeastSquares propagation(int round) {
    return propagations.get(round);
  }

  /**
   * The Gaussian of Eq. 8, widened.
   *
   * @param agreement of the pair's matches in this round, 0..1
   */
  GridGaussian modulation(int round, double agreement) {
    double rounded = Math.rint(agreement * PARTS) / PARTS;
    double factor = parameters.widening().map(widening -> widening.factor(rounded)).orElse(1.0);
    return modulations.computeIfAbsent(
        parameters.modulationSigma().get(round) * factor,
        sigma -> new GridGaussian(target.width(), target.height(), sigma));
  }
}
