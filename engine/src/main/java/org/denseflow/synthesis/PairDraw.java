package org.denseflow.synthesis;

import java.util.LinkedHashMap;
import java.util.Map;
import org.denseflow.geometry.ThinPlateSpline;
import org.denseflow.synthesis.PairParameters.AffineRange;
import org.denseflow.synthesis.PairParameters.ColorRange;
import org.denseflow.synthesis.PairParameters.Model;
import org.denseflow.synthesis.PairParameters.Warped;

/** Draws recipes of synthetic pairs. Not safe for use by several threads. */
public final class PairDraw {
  private final PairParameters parameters;
  private final PairCheck check;

  /** Draws with these ranges. */
  public PairDraw(PairParameters parameters) {
    this.parameters = parameters;
    this.check = new PairCheck(parameters.rejection());
  }

  /**
   * A recipe, or why there is none.
   *
   * @param recipe the recipe, null when rejected
   * @param reason code of the last rejection, null when there is a recipe
   */
  public record Outcome(PairRecipe recipe, String reason) {}

  /** Draws the recipe of a pair, again while it is rejected. */
  public Outcome draw(PairKey key, ImageFacts image) {
    SplitMix64 random = new SplitMix64(key.seed());
    String reason = null;

    for (int attempt = 1; attempt <= parameters.rejection().attempts(); attempt++) {
      Map<String, Double> drawn = new LinkedHashMap<>();
      Model model = parameters.models().get(random.below(parameters.models().size()));
      boolean flipped = random.uniform(0, 1) < parameters.flipProbability();
      ViewMap source =
          parameters.warp() == Warped.BOTH
              ? view(random, model, flipped, "source.", drawn)
              : placed(Projective.IDENTITY, null, flipped);
      ViewMap target = view(random, model, flipped, "target.", drawn);
      ColorMatrix sourceColor = color(random, image.meanGrey(), "source.", drawn);
      ColorMatrix targetColor = color(random, image.meanGrey(), "target.", drawn);
      reason = check.reason(source, target, image);

      if (reason == null) {
        return new Outcome(
            new PairRecipe(
                parameters.view().width(),
                parameters.view().height(),
                Math.min(image.width(), parameters.image().width()),
                Math.min(image.height(), parameters.image().height()),
                parameters.padding(),
                model,
                new PairRecipe.View(
                    source, sourceColor, check.sourceValid(), check.sourceForeground()),
                new PairRecipe.View(
                    target, targetColor, check.targetValid(), check.targetForeground()),
                flipped,
                attempt,
                drawn),
            null);
      }
    }

    return new Outcome(null, reason);
  }

  private ViewMap view(
      SplitMix64 random, Model model, boolean flipped, String prefix, Map<String, Double> drawn) {
    Projective projective =
        switch (model) {
          case AFFINE, AFFINE_TPS -> affine(random, prefix, drawn);
          case HOMOGRAPHY -> homography(random, prefix, drawn);
          case TPS -> Projective.IDENTITY;
        };
    boolean bends = model == Model.TPS || model == Model.AFFINE_TPS;
    return placed(projective, bends ? spline(random, prefix, drawn) : null, flipped);
  }

  /** Puts crop and flip, which come last, into the view's map. */
  private ViewMap placed(Projective projective, ThinPlateSpline spline, boolean flipped) {
    double sx = flipped ? -parameters.crop() : parameters.crop();
    double sy = parameters.crop();
    Projective outer = Projective.affine(sx, 0, 0, 0, sy, 0).after(projective);
    boolean sum = parameters.order() == WarpComposition.SUM;
    return new ViewMap(
        outer, spline == null || !sum ? spline : spline.scaled(sx, sy), parameters.order());
  }

  private Projective affine(SplitMix64 random, String prefix, Map<String, Double> drawn) {
    AffineRange range = parameters.affine();
    double rotation = put(drawn, prefix + "rotation", random.around(range.rotation()));
    double axis = put(drawn, prefix + "axis", random.around(range.axis()));
    double least = range.scale().get(0);
    double largest = range.scale().get(1);
    double scaleX = put(drawn, prefix + "scale-x", random.uniform(least, largest));
    double scaleY = put(drawn, prefix + "scale-y", random.uniform(least, largest));
    double shearX = put(drawn, prefix + "shear-x", random.around(range.shear()));
    double shearY = put(drawn, prefix + "shear-y", random.around(range.shear()));
    double tx = put(drawn, prefix + "translation-x", random.around(range.translation()));
    double ty = put(drawn, prefix + "translation-y", random.around(range.translation()));
    Projective linear =
        turn(rotation)
            .after(turn(-axis))
            .after(Projective.affine(scaleX, 0, 0, 0, scaleY, 0))
            .after(turn(axis))
            .after(Projective.affine(1, StrictMath.tan(shearX), 0, StrictMath.tan(shearY), 1, 0));
    double[] m = linear.m();
    double[] entries = {m[0], m[1], tx, m[3], m[4], ty};

    for (int i = 0; i < entries.length; i++) {
      if (range.entryJitter() > 0 && i % 3 < 2) {
        entries[i] *= put(drawn, prefix + "entry-" + i, 1 + random.around(range.entryJitter()));
      }

      if (range.noise() > 0) {
        entries[i] += put(drawn, prefix + "noise-" + i, random.normal(range.noise()));
      }
    }

    return Projective.affine(
        entries[0], entries[1], entries[2], entries[3], entries[4], entries[5]);
  }

  private static Projective turn(double angle) {
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    return Projective.affine(cos, -sin, 0, sin, cos, 0);
  }

  private ThinPlateSpline spline(SplitMix64 random, String prefix, Map<String, Double> drawn) {
    double[] displacement = new double[2 * ThinPlateSpline.POINTS];

    for (int i = 0; i < displacement.length; i++) {
      displacement[i] = put(drawn, prefix + "tps-" + i, random.around(parameters.tps().jitter()));
    }

    return new ThinPlateSpline(displacement);
  }

  private Projective homography(SplitMix64 random, String prefix, Map<String, Double> drawn) {
    double[] corners = {-1, -1, 1, -1, 1, 1, -1, 1};

    for (int i = 0; i < corners.length; i++) {
      corners[i] +=
          put(drawn, prefix + "corner-" + i, random.around(parameters.homography().jitter()));
    }

    return Projective.ofCorners(corners);
  }

  private ColorMatrix color(
      SplitMix64 random, double meanGrey, String prefix, Map<String, Double> drawn) {
    ColorRange range = parameters.color();

    if (!range.changes()) {
      return ColorMatrix.IDENTITY;
    }

    return ColorMatrix.jitter(
        put(drawn, prefix + "brightness", 1 + random.around(range.brightness())),
        put(drawn, prefix + "contrast", 1 + random.around(range.contrast())),
        put(drawn, prefix + "saturation", 1 + random.around(range.saturation())),
        put(drawn, prefix + "hue", random.around(range.hue())),
        meanGrey);
  }

  private static double put(Map<String, Double> drawn, String name, double value) {
    drawn.put(name, value);
    return value;
  }
}
