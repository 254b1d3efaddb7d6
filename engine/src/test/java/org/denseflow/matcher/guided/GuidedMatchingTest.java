package org.denseflow.matcher.guided;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.denseflow.config.ConfigBinder;
import org.denseflow.correlation.CorrelationVolume;
import org.denseflow.correlation.MutualConsistency;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.guided.GuidedParameters.Module;
import org.junit.jupiter.api.Test;

/** Guided matching against the equations written out in double precision, cell by cell. */
class GuidedMatchingTest {
  private static final int SW = 6;
  private static final int SH = 5;
  private static final int TW = 7;
  private static final int TH = 4;
  private static final double BETA = 20;
  private static final double[] PROPAGATION = {6, 4, 2};
  private static final double[] MODULATION = {6, 5, 3};

  @Test
  void agreesWithTheEquations() {
    float[] values = randomVolume(11);
    double[][] original = rectified(values);
    double[][] current = original;

    for (int round = 0; round < PROPAGATION.length; round++) {
      current = modulated(original, guidance(current, PROPAGATION[round]), MODULATION[round]);
    }

    Match match =
        matching().read(new CorrelationVolume(new Size(SW, SH), new Size(TW, TH), values));

    assertPositions(
        match.flow(),
        java.util.stream.Stream.of(current)
            .map(GuidedMatchingTest::refined)
            .toArray(double[][]::new));
    assertThat(match.fallback()).isEqualTo(Match.Fallback.NONE);
    assertThat(match.confident()).isPositive();
  }

  @Test
  void agreementWeighsWidensAndIsKept() {
    float[] values = randomVolume(11);
    double[][] original = rectified(values);
    DisplacementAgreement agreement =
        new DisplacementAgreement(new GuidedParameters.Agreement(6, 9));
    CorrelationVolume volume =
        new CorrelationVolume(new Size(SW, SH), new Size(TW, TH), values.clone());
    MutualConsistency mutual = MutualConsistency.of(volume);
    float[] weights = mutual.mutual().clone();
    double mean = agreement.weigh(volume, mutual.bestTarget(), weights);
    double[] guidance = new double[2 * SW * SH];
    new MovingLeastSquares(new Size(SW, SH), 6, Optional.of(16.0))
        .propagate(volume, mutual.bestTarget(), weights, guidance);
    double[][] places = new double[SW * SH][];
    java.util.Arrays.setAll(places, i -> new double[] {guidance[2 * i], guidance[2 * i + 1]});
    double rounded = Math.rint(16 * mean) / 16;
    assertThat(rounded).isBetween(0.0, 0.7);
    double[][] current = modulated(original, places, 5 * (1 + 2 * (1 - rounded / 0.8)));
    GuidedMatching matching =
        new GuidedMatching(
            parameters(
                "propagation-sigma = [6], modulation-sigma = [5], refinement-beta = 20, affine-ridge = 16,"
                    + " agreement { window = 6, tolerance = 9 }, widening { below = 0.8, by = 2 }"),
            Optional.empty(),
            true);
    Match match = matching.read(volume);
    assertPositions(
        match.flow(),
        java.util.stream.Stream.of(current)
            .map(GuidedMatchingTest::refined)
            .toArray(double[][]::new));
    assertThat(match.agreement().orElseThrow()).isEqualTo(mean);
    float[] kept = match.steps().get(0).field().confidence();
    assertThat(kept).containsExactly(weights, within(1e-6f));
  }

  @Test
  void whereNoMatchAgreesAllMutualOnesGuide() {
    float[] values = new float[16 * 16];
    values[0] = 1;
    Match match =
        new GuidedMatching(
                parameters(
                    "propagation-sigma = [6], modulation-sigma = [5], refinement-beta = 20,"
                        + " agreement { window = 4, tolerance = 6 }"))
            .read(new CorrelationVolume(new Size(4, 4), new Size(4, 4), values));
    assertThat(match.fallback()).isEqualTo(Match.Fallback.NO_CONFIDENT_MATCH);
    assertThat(match.flow().displacement()).containsOnly(new float[] {0}, within(1e-6f));
    assertThat(match.agreement().orElseThrow()).isZero();
  }

  @Test
  void wideningAndTheChoiceOfAMirrorImageNeedAgreement() {
    String rounds = "propagation-sigma = [6], modulation-sigma = [5], refinement-beta = 20, ";
    assertThatThrownBy(() -> parameters(rounds + "widening { below = 0.6, by = 1 }"))
        .hasMessageContaining("need agreement.window and agreement.tolerance");
    assertThatThrownBy(() -> parameters(rounds + "affine-ridge = 0"))
        .hasMessageContaining("Invalid affine-ridge: must be positive, found 0.0");
  }

  @Test
  void stepsAreEachRoundsMutualMatchesAndTheirGuidance() {
    float[] values = randomVolume(11);
    double[][] original = rectified(values);
    double[][] current = original;
    GuidedMatching matching =
        new GuidedMatching(
            new GuidedParameters(List.of(6.0, 4.0), List.of(6.0, 5.0), BETA),
            Optional.empty(),
            true);
    List<Match.Step> steps =
        matching.read(new CorrelationVolume(new Size(SW, SH), new Size(TW, TH), values)).steps();
    assertThat(steps.stream().map(Match.Step::name))
        .containsExactly("confident 1", "guidance 1", "confident 2", "guidance 2");

    for (int round = 0; round < 2; round++) {
      double[][] guidance = guidance(current, PROPAGATION[round]);
      FlowField confident = steps.get(2 * round).field();
      assertPositions(steps.get(2 * round + 1).field(), guidance);

      for (int i = 0; i < SW * SH; i++) {
        int j = bestTarget(current, i);
        assertThat(confident.valid()[i]).isEqualTo(bestSource(current, j) == i);
        double dx = (j % TW + 0.5) / TW - (i % SW + 0.5) / SW;
        assertThat(confident.displacement()[2 * i]).isCloseTo((float) dx, within(1e-6f));
      }

      current = modulated(original, guidance, MODULATION[round]);
    }

    assertThat(
            matching()
                .read(new CorrelationVolume(new Size(SW, SH), new Size(TW, TH), values))
                .steps())
        .isEmpty();
  }

  @Test
  void withoutMatchingTheResultIsTheGuidance() {
    float[] values = randomVolume(11);
    double[][] guidance = guidance(rectified(values), 6);
    Match match =
        matching(Module.MATCHING, 6, 5)
            .read(new CorrelationVolume(new Size(SW, SH), new Size(TW, TH), values));
    assertPositions(match.flow(), guidance);
  }

  @Test
  void withoutPropagationOnlyConfidentCellsAreGuided() {
    float[] values = randomVolume(11);
    double[][] original = rectified(values);
    double[][] expected = new double[SW * SH][];

    for (int i = 0; i < SW * SH; i++) {
      int j = bestTarget(original, i);
      double[][] own = new double[SW * SH][];
      java.util.Arrays.fill(own, new double[] {j % TW, j / TW});
      boolean confident = bestSource(original, j) == i;
      expected[i] = refined(confident ? modulated(original, own, 5)[i] : original[i]);
    }

    Match match =
        matching(Module.PROPAGATION, 6, 5)
            .read(new CorrelationVolume(new Size(SW, SH), new Size(TW, TH), values));
    assertPositions(match.flow(), expected);
  }

  private static double[][] rectified(float[] values) {
    double[][] result = new double[SW * SH][TW * TH];

    for (int i = 0; i < SW * SH; i++) {
      for (int j = 0; j < TW * TH; j++) {
        result[i][j] = Math.max(0, values[i * TW * TH + j]);
      }
    }

    return result;
  }

  private static void assertPositions(FlowField flow, double[][] positions) {
    for (int i = 0; i < SW * SH; i++) {
      double dx = (positions[i][0] + 0.5) / TW - (i % SW + 0.5) / SW;
      double dy = (positions[i][1] + 0.5) / TH - (i / SW + 0.5) / SH;
      assertThat(flow.displacement()[2 * i]).isCloseTo((float) dx, within(1e-4f));
      assertThat(flow.displacement()[2 * i + 1]).isCloseTo((float) dy, within(1e-4f));
    }
  }

  static GuidedParameters parameters(String text) {
    return ConfigBinder.bind(ConfigFactory.parseString(text), GuidedParameters.class);
  }

  private static GuidedMatching matching(Module left, double propagation, double modulation) {
    return new GuidedMatching(
        parameters(
            "propagation-sigma = [%s], modulation-sigma = [%s], refinement-beta = %s, leave-out = [%s]"
                .formatted(propagation, modulation, BETA, left.name().toLowerCase(Locale.ROOT))));
  }

  @Test
  void nothingPositiveFallsBackToRelativePositions() {
    float[] values = new float[SW * SH * TW * TH];
    Match match =
        matching().read(new CorrelationVolume(new Size(SW, SH), new Size(TW, TH), values));
    assertThat(match.fallback()).isEqualTo(Match.Fallback.NO_CONFIDENT_MATCH);
    assertThat(match.flow().displacement()).containsOnly(new float[] {0}, within(1e-6f));
    assertThat(match.flow().confidence()).containsOnly(0f);
  }

  @Test
  void aFeaturelessCellFollowsTheGuidance() {
    // One confident match, cell 0 to cell 0 of an equal grid; all other rows are empty.
    float[] values = new float[16 * 16];
    values[0] = 1;
    Match match = matching().read(new CorrelationVolume(new Size(4, 4), new Size(4, 4), values));
    assertThat(match.confident()).isEqualTo(1);
    assertThat(match.flow().displacement()).containsOnly(new float[] {0}, within(1e-6f));
    assertThat(match.flow().confidence()[5]).isZero();
  }

  @Test
  void equalValuesGiveOneMutualMatchAlone() {
    float[] values = new float[16 * 16];
    java.util.Arrays.fill(values, 0.5f);
    Match match =
        new GuidedMatching(new GuidedParameters(List.of(7.0), List.of(5.0), BETA))
            .read(new CorrelationVolume(new Size(4, 4), new Size(4, 4), values));
    assertThat(match.confident()).isEqualTo(1);
  }

  @Test
  void roundsMustHaveBothSigmas() {
    assertThatThrownBy(() -> new GuidedParameters(List.of(7.0, 4.0), List.of(5.0), 20))
        .hasMessageContaining("one number each per round, found 2 and 1");
    assertThatThrownBy(() -> new GuidedParameters(List.of(-3.0), List.of(5.0), 20))
        .hasMessageContaining("must be positive, found -3.0");
  }

  private static GuidedMatching matching() {
    return new GuidedMatching(
        new GuidedParameters(List.of(6.0, 4.0, 2.0), List.of(6.0, 5.0, 3.0), BETA));
  }

  private static float[] randomVolume(long seed) {
    Random random = new Random(seed);
    float[] values = new float[SW * SH * TW * TH];

    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.2f;
    }

    return values;
  }

  /** Eq. 7 with S the mutual nearest neighbours; positions in target cells. */
  private static double[][] guidance(double[][] volume, double sigma) {
    double[][] guidance = new double[SW * SH][2];

    for (int i = 0; i < SW * SH; i++) {
      double total = 0;
      double dx = 0;
      double dy = 0;

      for (int s = 0; s < SW * SH; s++) {
        int j = bestTarget(volume, s);

        if (bestSource(volume, j) == s) {
          double ax = (i % SW - s % SW) / (sigma * SW / 20);
          double ay = (i / SW - s / SW) / (sigma * SH / 20);
          double weight = Math.exp(-(ax * ax + ay * ay) / 2);
          total += weight;
          dx += weight * ((j % TW + 0.5) - (s % SW + 0.5) * TW / SW);
          dy += weight * ((j / TW + 0.5) - (s / SW + 0.5) * TH / SH);
        }
      }

      guidance[i][0] = (i % SW + 0.5) * TW / SW - 0.5 + dx / total;
      guidance[i][1] = (i / SW + 0.5) * TH / SH - 0.5 + dy / total;
    }

    return guidance;
  }

  /** Eq. 8 as corrected: a Gaussian around i + G'(i), rounded to a 32nd of a cell. */
  private static double[][] modulated(double[][] original, double[][] guidance, double sigma) {
    double[][] result = new double[SW * SH][TW * TH];

    for (int i = 0; i < SW * SH; i++) {
      for (int j = 0; j < TW * TH; j++) {
        double ax = (j % TW - Math.rint(32 * guidance[i][0]) / 32) / (sigma * TW / 20);
        double ay = (j / TW - Math.rint(32 * guidance[i][1]) / 32) / (sigma * TH / 20);
        result[i][j] = original[i][j] * Math.exp(-(ax * ax + ay * ay) / 2);
      }
    }

    return result;
  }

  private static double[] refined(double[] row) {
    int best = 0;

    for (int j = 0; j < row.length; j++) {
      best = row[j] > row[best] ? j : best;
    }

    double total = 0;
    double x = 0;
    double y = 0;

    for (int j = 0; j < row.length; j++) {
      if (Math.abs(j % TW - best % TW) <= 1 && Math.abs(j / TW - best / TW) <= 1) {
        double weight = Math.exp(BETA * row[j]);
        total += weight;
        x += weight * (j % TW);
        y += weight * (j / TW);
      }
    }

    return new double[] {x / total, y / total};
  }

  private static int bestTarget(double[][] volume, int i) {
    int best = 0;

    for (int j = 0; j < TW * TH; j++) {
      best = volume[i][j] > volume[i][best] ? j : best;
    }

    return best;
  }

  private static int bestSource(double[][] volume, int j) {
    int best = 0;

    for (int i = 0; i < SW * SH; i++) {
      best = volume[i][j] > volume[best][j] ? i : best;
    }

    return best;
  }
}
