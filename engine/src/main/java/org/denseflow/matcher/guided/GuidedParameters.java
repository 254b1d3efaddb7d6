package org.denseflow.matcher.guided;

import java.util.List;
import java.util.Optional;
import org.denseflow.matcher.Mirror;

/**
 * Parameters of guided matching; lengths are in cells of a 20-cell grid and scale with the grid.
 *
 * @param propagationSigma c_P of each round (Guided Semantic Flow, Eq. 7): how far a confident
 *     match guides its neighbours; one number per round of guidance
 * @param modulationSigma c_M of each round (Eq. 8): how far from the guidance a match may lie
 * @param refinementBeta temperature of the sub-cell soft argmax over the 3x3 cells around the
 *     maximum
 * @param agreement weighs each confident match by how well its displacement agrees with those
 *     around it; all count alike if absent
 * @param affineRidge ridge of the local affine maps that are propagated ({@link
 *     MovingLeastSquares}); local translations are, as in Eq. 7, if absent
 * @param widening makes c_M wider where the matches of a pair do not agree; it is as it stands if
 *     absent
 * @param mirror whether the target is mirrored; never, if absent
 * @param threshold rho, Eq. 5: with a pruning network, matches trusted less are not confident; 0 if
 *     absent
 * @param leaveOut modules of the paper that are not used, for the ablations of its Table 3
 */
public record GuidedParameters(
    List<Double> propagationSigma,
    List<Double> modulationSigma,
    double refinementBeta,
    Optional<Agreement> agreement,
    Optional<Double> affineRidge,
    Optional<Widening> widening,
    Optional<Mirror> mirror,
    Optional<Double> threshold,
    Optional<List<Module>> leaveOut) {

  /**
   * How the agreement of matches is measured.
   *
   * @param window how far away along x and y a match may be to count as a neighbour
   * @param tolerance from which difference on two displacements do not agree at all
   */
  public record Agreement(double window, double tolerance) {

    /** Checks the ranges. */
    public Agreement {
      if (!(window > 0 && tolerance > 0)) {
        throw new IllegalArgumentException(
            "Invalid agreement: window and tolerance must be positive, found %s and %s"
                .formatted(window, tolerance));
      }
    }
  }

  /**
   * How c_M follows the mean agreement a of the matches that guide a round: it is multiplied by 1 +
   * by · max(0, 1 − a / below).
   *
   * @param below agreement from which nothing is widened
   * @param by what is added to the factor where nothing agrees
   */
  public record Widening(double below, double by) {

    /** Checks the ranges. */
    public Widening {
      if (!(below > 0 && below <= 1 && by > 0)) {
        throw new IllegalArgumentException(
            "Invalid widening: below must be 0 to 1 and by positive, found %s and %s"
                .formatted(below, by));
      }
    }

    double factor(double agreement) {
      return 1 + by * Math.max(0, 1 - agreement / below);
    }
  }

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

    if (!(affineRidge.orElse(1.0) > 0)) {
      throw new IllegalArgumentException(
          "Invalid affine-ridge: must be positive, found " + affineRidge.get());
    }

    if (agreement.isEmpty() && (widening.isPresent() || mirror.equals(Optional.of(Mirror.AUTO)))) {
      throw new IllegalArgumentException(
          "Invalid guided: widening and mirror = auto need agreement.window and agreement.tolerance");
    }
  }

  /** Rounds of translations, in which all matches count alike. */
  public GuidedParameters(
      List<Double> propagationSigma, List<Double> modulationSigma, double refinementBeta) {
    this(
        propagationSigma,
        modulationSigma,
        refinementBeta,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
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
