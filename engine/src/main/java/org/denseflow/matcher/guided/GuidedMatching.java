package org.denseflow.matcher.guided;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.MutualConsistency;
import org.denseflow.matcher.CellFlow;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.PeakRefinement;
import org.denseflow.matcher.ReadOut;
import org.denseflow.matcher.guided.GuidedParameters.Module;

/**
 * Guided Semantic Flow in rounds, with a trained pruning network or without learned parts. Mutual
 * nearest neighbours (Q = 1, Eq. 4), of which a network keeps those that it trusts (Eq. 5), are
 * propagated over the grid ({@link MovingLeastSquares}, Eq. 7), and the rectified volume is
 * multiplied by a Gaussian around the guided position i + G'(i) (Eq. 8; the paper prints j − G'(i),
 * which compares a position with a displacement; rounded as in {@link GridGaussian}). Our choices:
 * matches are weighed by how well their displacements agree ({@link DisplacementAgreement}), and
 * the Gaussian is wider where they do not, as guidance is worth less there; several rounds, each
 * finding its mutual matches on the volume the round before has modulated, while each modulation
 * starts from the volume that guidance is sought in: the original one, or with a network C · sqrt(Q
 * · F(Q)), where each match also counts as much as it is trusted, Q · F(Q); the last modulation is
 * always one of the original volume; and a 3x3 soft argmax around the maximum for positions between
 * cells, where a model has no matching network (Eq. 9).
 *
 * <p>Confidence is the match's cosine times its mutual consistency, and compares cells of a pair;
 * pairs are compared by {@link Match#agreement}, that of the first round, whose matches are those
 * of the original volume. Our choice: masks of birds that vote by confidence have an IoU of 0.760,
 * and 0.739 where it is multiplied by agreement.
 *
 * <p>Fallbacks: where a network trusts no match, or none agrees with another, all mutual ones are
 * used; where there is none either (only a volume without positive values has none), each cell goes
 * to its own relative position, with confidence 0.
 */
public final class GuidedMatching implements ReadOut {
  private final GuidedParameters parameters;
  private final Optional<GsfModel> model;
  private final boolean keepsSteps;
  private final Optional<DisplacementAgreement> agreement;
  private final PeakRefinement peak;
  private Rounds rounds;
  private double[] guidance;
  private double[] refined;

  /** Makes a read-out without learned parts. */
  public GuidedMatching(GuidedParameters parameters) {
    this(parameters, Optional.empty(), false);
  }

  /**
   * Makes a read-out; the model belongs to it.
   *
   * @param keepsSteps whether {@link Match#steps} has the confident matches, each with its weight
   *     as confidence, and the guidance of each round
   */
  public GuidedMatching(GuidedParameters parameters, Optional<GsfModel> model, boolean keepsSteps) {
    this.parameters = parameters;
    this.model = model;
    this.keepsSteps = keepsSteps;
    this.peak = new PeakRefinement(parameters.refinementBeta());
    this.agreement = parameters.agreement().map(DisplacementAgreement::new);
  }

  /** Closes the model. */
  @Override
  public void close() {
    model.ifPresent(GsfModel::close);
  }

  @Override
  public Match read(CorrelationVolume volume) {
    if (rounds == null || !rounds.areFor(volume)) {
      rounds = new Rounds(parameters, volume);
      guidance = new double[2 * volume.rows()];
      refined = new double[2 * volume.rows()];
    }

    volume.rectify();
    Optional<float[]> trusted =
        parameters.uses(Module.PRUNING)
            ? model.map(one -> one.pruning().trusted(volume))
            : Optional.empty();
    CorrelationVolume searched =
        trusted.map(own -> with(volume, discounted(volume, own))).orElse(volume);
    MutualConsistency mutual = MutualConsistency.of(searched);
    Match.Fallback fallback = Match.Fallback.NONE;
    int confident = 0;
    double agreedAtFirst = 0;
    double agreed = 0;
    List<Match.Step> steps = new ArrayList<>();

    for (int round = 0; round < parameters.rounds(); round++) {
      float[] confidence = confidence(volume, mutual, trusted);
      int[] best = mutual.bestTarget();

      if (agreement.isPresent()) {
        agreed = agreement.get().weigh(volume, best, confidence);
        agreedAtFirst = round == 0 ? agreed : agreedAtFirst;
      }

      MovingLeastSquares propagation = rounds.propagation(round);
      int found = propagation.propagate(volume, best, confidence, guidance);

      if (found == 0) {
        confidence = mutual.mutual();
        found = propagation.propagate(volume, best, confidence, guidance);
        fallback = round == 0 ? Match.Fallback.NO_CONFIDENT_MATCH : fallback;
      }

      if (found == 0 && round == 0) {
        return relative(volume, agreement.map(own -> 0.0));
      }

      if (!parameters.uses(Module.PROPAGATION)) {
        guideByOwnMatches(volume, best, confidence);
      }

      if (keepsSteps) {
        steps.add(confidentMatches(round, volume, best, confidence));
        steps.add(guided(round, volume));
      }

      confident = found;
      boolean last = round == parameters.rounds() - 1;
      mutual = modulate(last ? volume : searched, rounds.modulation(round, agreed), last);
    }

    return finish(volume, mutual, new Progress(confident, fallback, agreedAtFirst, steps));
  }

  /** What the rounds found on their way. */
  private record Progress(
      int confident, Match.Fallback fallback, double agreement, List<Match.Step> steps) {}

  private static CorrelationVolume with(CorrelationVolume volume, float[] values) {
    return new CorrelationVolume(volume.source(), volume.target(), values);
  }

  private static Match.Step confidentMatches(
      int round, CorrelationVolume volume, int[] best, float[] confidence) {
    CellFlow flow = new CellFlow(volume);

    for (int i = 0; i < confidence.length; i++) {
      int width = volume.target().width();
      flow.set(i, best[i] % width, best[i] / width, confidence[i]);

      if (!(confidence[i] > 0)) {
        flow.invalidate(i);
      }
    }

    return new Match.Step("confident " + (round + 1), flow.field());
  }

  private Match.Step guided(int round, CorrelationVolume volume) {
    CellFlow flow = new CellFlow(volume);

    for (int i = 0; i < volume.rows(); i++) {
      if (Double.isNaN(guidance[2 * i])) {
        flow.invalidate(i);
      } else {
        flow.set(i, guidance[2 * i], guidance[2 * i + 1], 1);
      }
    }

    return new Match.Step("guidance " + (round + 1), flow.field());
  }

  /** Footnote 1: the guidance of confident cells is their own match, that of others NaN. */
  private void guideByOwnMatches(CorrelationVolume volume, int[] best, float[] confidence) {
    for (int i = 0; i < confidence.length; i++) {
      boolean confident = confidence[i] > 0;
      guidance[2 * i] = confident ? best[i] % volume.target().width() : Double.NaN;
      guidance[2 * i + 1] = confident ? best[i] / volume.target().width() : Double.NaN;
    }
  }

  /** Each match's correlation times the root of its trust. */
  private static float[] discounted(CorrelationVolume volume, float[] trusted) {
    float[] result = new float[trusted.length];

    for (int k = 0; k < result.length; k++) {
      result[k] = volume.values()[k] * (float) Math.sqrt(trusted[k]);
    }

    return result;
  }

  /** How much each source cell's match counts: 0 if it is not mutual or not trusted enough. */
  private float[] confidence(
      CorrelationVolume volume, MutualConsistency mutual, Optional<float[]> trusted) {
    float[] confidence = mutual.mutual().clone();
    double threshold = parameters.threshold().orElse(0.0);

    for (int i = 0; trusted.isPresent() && i < confidence.length; i++) {
      float trust = trusted.get()[i * volume.columns() + mutual.bestTarget()[i]];
      confidence[i] *= trust > threshold ? trust : 0;
    }

    return confidence;
  }

  /**
   * The mutual matches of C'_ij = C_ij · exp(−|j − (i + G'(i))|² / 2 c_M²), Eq. 8.
   *
   * @param refines whether {@link #refined} is to have where near its maximum each match lies
   */
  private MutualConsistency modulate(
      CorrelationVolume volume, GridGaussian gaussian, boolean refines) {
    float[] candidates = new float[volume.columns()];
    MutualConsistency.Search search = new MutualConsistency.Search(volume);

    for (int i = 0; i < volume.rows(); i++) {
      int from = i * candidates.length;
      System.arraycopy(volume.values(), from, candidates, 0, candidates.length);
      gaussian.goTo(guidance[2 * i], guidance[2 * i + 1]);
      int best = search.row(i, candidates, gaussian.ofRows(), gaussian.ofColumns());

      if (refines) {
        peak.refine(volume.target(), candidates, 0, best, refined, 2 * i);
      }
    }

    return search.end();
  }

  private Match finish(CorrelationVolume volume, MutualConsistency mutual, Progress progress) {
    CellFlow flow = new CellFlow(volume);
    goOnFromBest(volume, mutual.bestTarget());
    Optional<float[]> residual =
        model
            .filter(one -> parameters.uses(Module.MATCHING))
            .flatMap(GsfModel::matching)
            .map(matching -> matching.residual(volume, volume.values(), guidance));
    double score = 0;

    for (int i = 0; i < volume.rows(); i++) {
      float cosine = volume.at(i, mutual.bestTarget()[i]);

      if (Double.isNaN(refined[2 * i])) {
        flow.set(i, guidance[2 * i], guidance[2 * i + 1], 0);
      } else {
        double[] position = position(residual, i);
        flow.set(i, position[0], position[1], cosine * mutual.consistency()[i]);
        score += cosine;
      }
    }

    return new Match(
        flow.field(),
        score / volume.rows(),
        progress.confident(),
        progress.fallback(),
        agreement.map(own -> progress.agreement()),
        progress.steps());
  }

  /** Cells without guidance are guided to their best match. */
  private void goOnFromBest(CorrelationVolume volume, int[] best) {
    for (int i = 0; i < best.length; i++) {
      if (Double.isNaN(guidance[2 * i])) {
        guidance[2 * i] = best[i] % volume.target().width();
        guidance[2 * i + 1] = best[i] / volume.target().width();
      }
    }
  }

  /** Where a cell's match lies: Eq. 9 with a matching network, else near the maximum. */
  private double[] position(Optional<float[]> residual, int i) {
    if (residual.isEmpty() && parameters.uses(Module.MATCHING)) {
      return new double[] {refined[2 * i], refined[2 * i + 1]};
    }

    double x = residual.map(own -> own[2 * i]).orElse(0f);
    double y = residual.map(own -> own[2 * i + 1]).orElse(0f);
    return new double[] {guidance[2 * i] + x, guidance[2 * i + 1] + y};
  }

  private static Match relative(CorrelationVolume volume, Optional<Double> agreement) {
    CellFlow flow = new CellFlow(volume);

    for (int i = 0; i < volume.rows(); i++) {
      double x =
          (i % volume.source().width() + 0.5) * volume.target().width() / volume.source().width();
      double y =
          (i / volume.source().width() + 0.5) * volume.target().height() / volume.source().height();
      flow.set(i, x - 0.5, y - 0.5, 0);
    }

    return new Match(flow.field(), 0, 0, Match.Fallback.NO_CONFIDENT_MATCH, agreement, List.of());
  }
}
