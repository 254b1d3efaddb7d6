package org.denseflow.matcher.proposals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.denseflow.backbone.hog.HogBackbone;
import org.denseflow.flow.FlowField;
import org.denseflow.geometry.Size;
import org.denseflow.image.FloatImage;
import org.denseflow.image.RgbImage;
import org.denseflow.image.WorkingSize;
import org.denseflow.matcher.Match;
import org.denseflow.matcher.RegionFeatures;
import org.denseflow.matcher.proposals.RegionParameters.FlowParameters;
import org.denseflow.matcher.proposals.RegionParameters.PoolingParameters;
import org.denseflow.proposals.ProposalParameters;
import org.denseflow.proposals.RegionBox;
import org.denseflow.proposals.RegionMatch;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** Naive appearance matching of regions against loops over all pairs of regions. */
class RegionMatcherTest {
  private static final int SIDE = 64;
  private static final int CELL = 8;
  private static final int REGIONS = 40;

  private final Random random = new Random(6);

  @Test
  void everyRegionTakesTheOneOfTheLargestCosine() {
    try (RegionMatcher matcher = matcher(true);
        RegionFeatures source = matcher.describe(photograph());
        RegionFeatures target = matcher.describe(photograph())) {
      Match match = matcher.match(source, target);
      double sum = 0;
      assertThat(match.regions()).hasSize(boxes(source).size());

      for (int i = 0; i < boxes(source).size(); i++) {
        int best = 0;

        for (int j = 1; j < boxes(target).size(); j++) {
          best = cosine(source, i, target, j) > cosine(source, i, target, best) ? j : best;
        }

        RegionMatch found = match.regions().get(i);
        double expected = Math.max(0, cosine(source, i, target, best));
        assertThat(found.source()).isEqualTo(boxes(source).get(i));
        assertThat(found.target()).isEqualTo(boxes(target).get(best));
        assertThat(found.similarity()).isCloseTo(expected, within(1e-5));
        sum += expected;
      }

      assertThat(match.score()).isCloseTo(sum / boxes(source).size(), within(1e-5));
      assertThat(match.confident()).isEqualTo(boxes(source).size());
      assertThat(match.fallback()).isEqualTo(Match.Fallback.NONE);
    }
  }

  /** Regions of one image are the most like themselves. */
  @Test
  void anImageDoesNotMoveAgainstItself() {
    RgbImage image = photograph();

    try (RegionMatcher matcher = matcher(true);
        RegionFeatures source = matcher.describe(image);
        RegionFeatures target = matcher.describe(image)) {
      Match match = matcher.match(source, target);
      assertThat(match.score()).isCloseTo(1, within(1e-5));
      assertThat(match.regions()).allMatch(region -> region.source().equals(region.target()));
      assertThat(match.flow().gridWidth()).isEqualTo(SIDE / CELL);

      for (float component : match.flow().displacement()) {
        assertThat(component).isCloseTo(0, within(1e-4f));
      }
    }
  }

  /** In a block or alone; without regions in the result where none are asked for. */
  @Test
  void targetsKeepTheirOrderAndDoNotDependOnEachOther() {
    try (RegionMatcher matcher = matcher(false);
        RegionFeatures source = matcher.describe(photograph());
        RegionFeatures first = matcher.describe(photograph());
        RegionFeatures second = matcher.describe(photograph())) {
      List<Match> both = matcher.match(source, List.of(first, second));
      assertSame(both.get(0).flow(), matcher.match(source, first).flow());
      assertSame(both.get(1).flow(), matcher.match(source, second).flow());
      assertThat(both.get(0).flow().displacement()).isNotEqualTo(both.get(1).flow().displacement());
      assertThat(both).allMatch(match -> match.regions().isEmpty());
    }
  }

  /** Two features each: the first says what is alike, the second, which votes, what is not. */
  @Test
  void withTwoFeaturesAPieceTheSecondOnesVote() {
    List<RegionBox> boxes = List.of(new RegionBox(0, 0, 0.5, 0.5), new RegionBox(0.5, 0.5, 1, 1));
    float[][] own = {{1, 0}, {0, 1}};
    float[][] swapped = {{0, 1}, {1, 0}};
    OffsetParameters offsets =
        new OffsetParameters(OffsetParameters.Reference.REGION, 0.25, 0.25, 4, 2);
    VotingParameters voting =
        new VotingParameters(offsets, 0, 0.01, VotingParameters.Ballot.EVERY_MATCH, 0);

    try (RegionMatcher matcher = matcher(parameters(Optional.of(voting)), true)) {
      RegionFeatures source = features(boxes, own, own);
      RegionFeatures target = features(boxes, new float[][] {{1, 1}, {1, 1}}, own);
      RegionFeatures turned = features(boxes, new float[][] {{1, 1}, {1, 1}}, swapped);
      assertThat(matcher.match(source, target).regions())
          .allMatch(region -> region.source().equals(region.target()));
      assertThat(matcher.match(source, turned).regions())
          .noneMatch(region -> region.source().equals(region.target()));
    }
  }

  private static void assertSame(FlowField a, FlowField b) {
    assertThat(a.displacement()).containsExactly(b.displacement());
    assertThat(a.confidence()).containsExactly(b.confidence());
  }

  private static List<RegionBox> boxes(RegionFeatures features) {
    return features.boxes();
  }

  private static double cosine(RegionFeatures a, int i, RegionFeatures b, int j) {
    double sum = 0;

    for (int c = 0; c < a.appearance().columns(); c++) {
      sum += a.appearance().getDouble(i, c) * b.appearance().getDouble(j, c);
    }

    return sum;
  }

  private static RegionMatcher matcher(boolean keepsRegions) {
    return matcher(parameters(Optional.empty()), keepsRegions);
  }

  private static RegionMatcher matcher(RegionParameters parameters, boolean keepsRegions) {
    return new RegionMatcher(
        new WorkingSize(SIDE, SIDE), parameters, new HogBackbone(), keepsRegions);
  }

  private static RegionParameters parameters(Optional<VotingParameters> voting) {
    return new RegionParameters(
        new ProposalParameters(ProposalParameters.Kind.UNIFORM, REGIONS, 0, 0.25, 1),
        new PoolingParameters(PoolingParameters.Kind.MAX, 2, PoolingParameters.Mean.KEPT),
        voting,
        Optional.empty(),
        new FlowParameters(CELL, 20, 30, 15));
  }

  private static RegionFeatures features(
      List<RegionBox> boxes, float[][] appearance, float[][] geometry) {
    return new RegionFeatures(
        new Size(SIDE, SIDE),
        boxes,
        new FloatImage(4, 4, new float[48]),
        Nd4j.createFromArray(appearance),
        Optional.of(Nd4j.createFromArray(geometry)));
  }

  /** Soft random blobs. */
  private RgbImage photograph() {
    byte[] pixels = new byte[3 * SIDE * SIDE];
    double[] wave = random.doubles(12, 0.05, 0.6).toArray();

    for (int i = 0; i < pixels.length; i++) {
      int x = i / 3 % SIDE;
      int y = i / 3 / SIDE;
      int c = i % 3;
      double value = Math.sin(wave[c] * x + wave[3 + c] * y) + Math.cos(wave[6 + c] * x * y / 16);
      pixels[i] = (byte) (127 + 60 * value);
    }

    return new RgbImage(SIDE, SIDE, pixels);
  }
}
