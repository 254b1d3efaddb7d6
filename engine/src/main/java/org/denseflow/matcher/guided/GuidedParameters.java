package org.denseflow.matcher.guided;

import java.util.List;
import java.util.Optional;

/**
 * Parameters of guided matching; lengths are in cells of a 20-cell grid and scale with the grid.
 *
 * @param propagationSigma c_P of each round (Guided Semantic Flow, Eq. 7): how far a confident
 *     match guides its neighbours; one number per round of guidance
 * @param modulationSigma c_M of each round (Eq. 8): how far from the guidance a match may lie
 * @param refinementBeta temperature of the sub-cell soft argmax over the 3x3 cells around the
 *     maximum
 * @param threshold rho, Eq. 5: with a pruning network, matches trusted less are not confident; 0 if
 *     absent
 * @param leaveOut modules of the paper that are not used, for the ablations of its Table 3
 */
public record GuidedParameters(
    List<Double> propagationSigma,
    List<Double> modulationSigma,
    double refinementBeta,
    Optional<Double> threshold,
    Optional<List<Module>> leaveOut) {

  /** A module of Guided Semantic Flow. */
  public enum Module {
    /** Without it all mutual matches guide, and count alike. */
    PRUNING,
    /** Without it confident cells alone are guided, each by its own match. */
    PROPAGATION,
    /** Without it a cell's match is where it is guided to. */
    MATCHING
  }

  /** Checks the ranges. */
  public GuidedParameters {
    propagationSigma = List.copyOf(propagationSigma);
    modulationSigma = List.copyOf(modulationSigma);

    if (propagationSigma.isEmpty() || propagationSigma.size() != modulationSigma.size()) {
      throw new IllegalArgumentException(
          "Invalid propagation-sigma and modulation-sigma: one number each per round, found %d and %d"
              .formatted(propagationSigma.size(), modulationSigma.size()));
    }

    for (int round = 0; round < propagationSigma.size(); round++) {
      if (!(propagationSigma.get(round) > 0) || !(modulationSigma.get(round) > 0)) {
        throw new IllegalArgumentException(
            "Invalid propagation-sigma or modulation-sigma: must be positive, found %s and %s"
                .formatted(propagationSigma.get(round), modulationSigma.get(round)));
      }
    }

    if (!(refinementBeta > 0)) {
      throw new IllegalArgumentException(
          "Invalid refinement-beta: must be positive, found " + refinementBeta);
    }
  }

  /** Without a threshold. */
  public GuidedParameters(
      List<Double> propagationSigma, List<Double> modulationSigma, double refinementBeta) {
    this(propagationSigma, modulationSigma, refinementBeta, Optional.empty(), Optional.empty());
  }

  /** Whether a module is used. */
  public boolean uses(Module module) {
    return leaveOut.isEmpty() || !leaveOut.get().contains(module);
  }

  /** Rounds of guidance. */
  public int rounds() {
    return propagationSigma.size();
  }
}
