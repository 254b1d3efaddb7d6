package org.denseflow.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.denseflow.geometry.Size;
import org.denseflow.geometry.ThinPlateSpline;
import org.denseflow.synthesis.PairParameters.AffineRange;
import org.denseflow.synthesis.PairParameters.ColorRange;
import org.denseflow.synthesis.PairParameters.Model;
import org.denseflow.synthesis.PairParameters.Padding;
import org.denseflow.synthesis.PairParameters.Range;
import org.denseflow.synthesis.PairParameters.Rejection;
import org.denseflow.synthesis.PairParameters.Warped;
import org.junit.jupiter.api.Test;

/** The drawn numbers' distributions, by Kolmogorov and Smirnov's test, and the rejection rules. */
class PairDrawTest {
  private static final int DRAWS = 4000;

  /** Largest distance of an empirical from its true distribution at a level of 0.1 %. */
  private static final double CRITICAL = 1.95 / Math.sqrt(DRAWS);

  private static final ImageFacts IMAGE = new ImageFacts(256, 200, 100, new byte[0]);

  @Test
  void affineAndColorNumbersAreUniformInTheirRanges() {
    PairParameters parameters =
        parameters(
            List.of(Model.AFFINE),
            new AffineRange(0.26, 0.5, List.of(0.75, 1.25), 0.2, 0.3, 0.25, 0),
            new Rejection(0, 0, 0, 1));
    Map<String, List<Double>> drawn = drawn(parameters);
    Map<String, double[]> ranges = new TreeMap<>();
    ranges.put("target.rotation", new double[] {-0.26, 0.26});
    ranges.put("target.axis", new double[] {-0.5, 0.5});
    ranges.put("target.scale-x", new double[] {0.75, 1.25});
    ranges.put("target.scale-y", new double[] {0.75, 1.25});
    ranges.put("target.shear-x", new double[] {-0.2, 0.2});
    ranges.put("target.translation-y", new double[] {-0.25, 0.25});
    ranges.put("target.entry-0", new double[] {0.7, 1.3});
    ranges.put("target.brightness", new double[] {0.9, 1.1});
    ranges.put("source.saturation", new double[] {0.7, 1.3});
    ranges.put("source.hue", new double[] {-0.1, 0.1});
    ranges.forEach(
        (name, range) ->
            assertThat(distance(drawn.get(name), x -> (x - range[0]) / (range[1] - range[0])))
                .as(name)
                .isLessThan(CRITICAL));
  }

  @Test
  void noiseIsNormalAndIndependentBetweenViews() {
    PairParameters base =
        parameters(
            List.of(Model.AFFINE),
            new AffineRange(0, 0, List.of(1.0, 1.0), 0, 0, 0, 0.15),
            new Rejection(0, 0, 0, 1));
    Map<String, List<Double>> drawn = drawn(withBothViews(base));

    for (int i = 0; i < 6; i++) {
      for (String view : List.of("source.noise-", "target.noise-")) {
        List<Double> values = drawn.get(view + i);
        assertThat(distance(values, x -> normal(x / 0.15))).as(view + i).isLessThan(CRITICAL);
      }

      List<Double> a = drawn.get("source.noise-" + i);
      List<Double> b = drawn.get("target.noise-" + i);
      double correlation = 0;

      for (int k = 0; k < a.size(); k++) {
        correlation += a.get(k) * b.get(k) / (0.15 * 0.15 * a.size());
      }

      assertThat(correlation).isCloseTo(0, within(0.06));
    }
  }

  @Test
  void theTestItselfCanFail() {
    List<Double> values = new ArrayList<>();
    SplitMix64 random = new SplitMix64(1);

    for (int i = 0; i < DRAWS; i++) {
      values.add(random.uniform(0, 0.95));
    }

    assertThat(distance(values, x -> x)).isGreaterThan(CRITICAL);
  }

  @Test
  void controlPointsCornersAndModelsAreUniform() {
    PairParameters parameters =
        parameters(
            List.of(Model.TPS, Model.HOMOGRAPHY),
            new AffineRange(0, 0, List.of(1.0, 1.0), 0, 0, 0, 0),
            new Rejection(0, 0, 0, 1));
    Map<String, List<Double>> drawn = drawn(parameters);
    List<Double> spline = drawn.get("target.tps-7");
    assertThat((double) spline.size() / DRAWS).isCloseTo(0.5, within(0.03));
    assertThat(distance(spline, x -> (x + 0.1) / 0.2)).isLessThan(1.95 / Math.sqrt(spline.size()));
    List<Double> corner = drawn.get("target.corner-3");
    assertThat(distance(corner, x -> (x + 0.1) / 0.2)).isLessThan(1.95 / Math.sqrt(corner.size()));
  }

  @Test
  void aPairDependsOnSeedImageAndIndexAlone() {
    PairParameters parameters = strong();
    PairRecipe first = new PairDraw(parameters).draw(PairKey.of(3, "a.jpg", 5), IMAGE).recipe();
    PairDraw used = new PairDraw(parameters);
    used.draw(PairKey.of(3, "b.jpg", 0), IMAGE);
    assertThat(used.draw(PairKey.of(3, "a.jpg", 5), IMAGE).recipe()).isEqualTo(first);
    assertThat(PairKey.of(3, "a.jpg", 6)).isNotEqualTo(PairKey.of(3, "a.jpg", 5));
    assertThat(PairKey.of(4, "a.jpg", 5)).isNotEqualTo(PairKey.of(3, "a.jpg", 5));
  }

  @Test
  void keysFallEvenlyIntoFiles() {
    int[] counts = new int[7];

    for (int i = 0; i < 7000; i++) {
      counts[PairKey.of(1, "image", i).range(7)]++;
    }

    for (int count : counts) {
      assertThat(count).isBetween(880, 1120);
    }
  }

  @Test
  void foldedViewsAndThoseWithoutOverlapOrObjectAreRejected() {
    PairCheck check = new PairCheck(new Rejection(0.3, 0.05, 0.05, 1));
    ViewMap crop =
        new ViewMap(
            Projective.affine(0.5, 0, 0, 0, 0.5, 0), null, WarpComposition.AFFINE_AFTER_TPS);
    assertThat(check.reason(crop, crop, IMAGE)).isNull();
    assertThat(check.sourceValid()).isCloseTo(1, within(1e-9));
    ViewMap aside =
        new ViewMap(
            Projective.affine(0.5, 0, 0.8, 0, 0.5, 0), null, WarpComposition.AFFINE_AFTER_TPS);
    assertThat(check.reason(crop, aside, IMAGE)).isEqualTo(PairCheck.LITTLE_OVERLAP);
    assertThat(check.targetValid()).isCloseTo(0.2, within(0.1));
    double[] folding = new double[18];
    folding[8] = 1.5;
    ViewMap folded =
        new ViewMap(
            Projective.IDENTITY, new ThinPlateSpline(folding), WarpComposition.AFFINE_AFTER_TPS);
    assertThat(check.reason(crop, folded, IMAGE)).isEqualTo(PairCheck.FOLDED);
    byte[] corner = new byte[ImageFacts.CELLS * ImageFacts.CELLS / 8];
    corner[0] = 1;
    ImageFacts tiny = new ImageFacts(256, 200, 100, corner);
    assertThat(check.reason(crop, crop, tiny)).isEqualTo(PairCheck.LITTLE_FOREGROUND);
  }

  @Test
  void aFlippedViewIsNotFolded() {
    PairCheck check = new PairCheck(new Rejection(0.3, 0, 0.05, 1));
    ViewMap source =
        new ViewMap(
            Projective.affine(-0.5, 0, 0, 0, 0.5, 0), null, WarpComposition.AFFINE_AFTER_TPS);
    ViewMap target =
        new ViewMap(
            Projective.affine(-0.5, 0.1, 0, 0, 0.5, 0), null, WarpComposition.AFFINE_AFTER_TPS);
    assertThat(check.reason(source, target, IMAGE)).isNull();
    assertThat(check.sourceValid()).isCloseTo(0.95, within(0.08));
  }

  @Test
  void redrawsAreBoundedAndReported() {
    PairParameters hopeless =
        parameters(
            List.of(Model.AFFINE),
            new AffineRange(0, 0, List.of(1.0, 1.0), 0, 0, 0, 0),
            new Rejection(0, 0.9, 0, 3));
    byte[] nothing = new byte[ImageFacts.CELLS * ImageFacts.CELLS / 8];
    PairDraw.Outcome outcome =
        new PairDraw(hopeless).draw(PairKey.of(1, "x", 0), new ImageFacts(64, 64, 1, nothing));
    assertThat(outcome.recipe()).isNull();
    assertThat(outcome.reason()).isEqualTo(PairCheck.LITTLE_FOREGROUND);
  }

  static PairParameters strong() {
    return parameters(
        List.of(Model.AFFINE, Model.TPS, Model.AFFINE_TPS, Model.HOMOGRAPHY),
        new AffineRange(0.26, 0.5, List.of(0.75, 1.25), 0, 0, 0.25, 0),
        new Rejection(0.3, 0.02, 0.05, 20));
  }

  static PairParameters withView(PairParameters p, Size view) {
    return new PairParameters(
        view,
        p.image(),
        p.padding(),
        p.crop(),
        p.warp(),
        p.models(),
        p.order(),
        p.affine(),
        p.tps(),
        p.homography(),
        p.flipProbability(),
        p.color(),
        p.rejection());
  }

  static PairParameters withBothViews(PairParameters p) {
    return new PairParameters(
        p.view(),
        p.image(),
        Padding.ZEROS,
        1,
        Warped.BOTH,
        p.models(),
        p.order(),
        p.affine(),
        p.tps(),
        p.homography(),
        0.5,
        p.color(),
        p.rejection());
  }

  static PairParameters parameters(List<Model> models, AffineRange affine, Rejection rejection) {
    return new PairParameters(
        new Size(96, 80),
        new Size(320, 320),
        Padding.SYMMETRIC,
        0.5625,
        Warped.TARGET,
        models,
        WarpComposition.AFFINE_AFTER_TPS,
        affine,
        new Range(0.1),
        new Range(0.1),
        0,
        new ColorRange(0.1, 0.2, 0.3, 0.1),
        rejection);
  }

  private static Map<String, List<Double>> drawn(PairParameters parameters) {
    PairDraw draw = new PairDraw(parameters);
    Map<String, List<Double>> values = new TreeMap<>();

    for (int i = 0; i < DRAWS; i++) {
      PairDraw.Outcome outcome = draw.draw(PairKey.of(11, "image", i), IMAGE);

      if (outcome.recipe() != null) {
        outcome
            .recipe()
            .drawn()
            .forEach((name, v) -> values.computeIfAbsent(name, n -> new ArrayList<>()).add(v));
      }
    }

    return values;
  }

  /** The largest distance between the values' distribution and the true one. */
  private static double distance(List<Double> values, DoubleUnaryOperator cumulative) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    double worst = 0;

    for (int i = 0; i < sorted.size(); i++) {
      double expected = cumulative.applyAsDouble(sorted.get(i));
      worst = Math.max(worst, Math.abs(expected - (double) i / sorted.size()));
      worst = Math.max(worst, Math.abs(expected - (i + 1.0) / sorted.size()));
    }

    return worst;
  }

  /** The normal distribution by integrating its density. */
  private static double normal(double x) {
    double sum = 0;
    double step = x / 2000;

    for (int i = 0; i < 2000; i++) {
      double t = (i + 0.5) * step;
      sum += Math.exp(-t * t / 2) * step;
    }

    return 0.5 + sum / Math.sqrt(2 * Math.PI);
  }
}
