package org.denseflow.synthesis;

import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowSampler;
import org.denseflow.flow.Warp;
import org.denseflow.geometry.Size;
import org.denseflow.image.Mask;
import org.denseflow.image.RgbImage;

/**
 * Measures of how well a rendered pair agrees with its recipe.
 *
 * @param psnr of the source view, warped by the true flow, against the target view on valid pixels,
 *     in dB; meaningful where both views have the same colours
 * @param roundTrip largest distance in pixels by which points of a 40x40 grid miss themselves after
 *     going to the target view and back
 * @param maskIou intersection over union of the warped source mask and the target mask on valid
 *     pixels; 1 where neither has any, NaN without masks
 */
public record PairQuality(double psnr, double roundTrip, double maskIou) {
  private static final int GRID = 40;

  /** Measures a pair. */
  public static PairQuality of(SyntheticPair pair) {
    PairRecipe recipe = pair.recipe();
    int width = recipe.viewWidth();
    int height = recipe.viewHeight();
    FlowField back = GroundTruth.flow(recipe.reversed(), width, height);
    RgbImage warped = Warp.backward(pair.source(), back, new Size(width, height));
    return new PairQuality(
        psnr(warped, pair.target(), back.valid()),
        roundTrip(recipe),
        pair.sourceMask() == null ? Double.NaN : iou(pair, back));
  }

  private static double psnr(RgbImage a, RgbImage b, boolean[] valid) {
    double sum = 0;
    long count = 0;

    for (int i = 0; i < a.pixels().length; i++) {
      if (valid[i / 3]) {
        double difference = (a.pixels()[i] & 0xff) - (b.pixels()[i] & 0xff);
        sum += difference * difference;
        count++;
      }
    }

    return 10 * Math.log10(255.0 * 255 * count / sum);
  }

  private static double roundTrip(PairRecipe recipe) {
    ViewMap.Evaluator source = recipe.source().map().evaluator();
    ViewMap.Evaluator target = recipe.target().map().evaluator();
    double worst = 0;

    for (int i = 0; i < GRID * GRID; i++) {
      double x = ViewRows.centre(i % GRID, GRID);
      double y = ViewRows.centre(i / GRID, GRID);
      source.at(x, y);
      Point there = target.inverse(source.u(), source.v());

      if (there != null && Math.abs(there.x()) <= 1 && Math.abs(there.y()) <= 1) {
        target.at(there.x(), there.y());
        Point back = source.inverse(target.u(), target.v());
        double dx = (back.x() - x) / 2 * recipe.viewWidth();
        double dy = (back.y() - y) / 2 * recipe.viewHeight();
        worst = Math.max(worst, Math.hypot(dx, dy));
      }
    }

    return worst;
  }

  private static double iou(SyntheticPair pair, FlowField back) {
    Mask target = pair.targetMask();
    int width = target.width();
    int height = target.height();
    int both = 0;
    int either = 0;

    for (int i = 0; i < width * height; i++) {
      if (back.valid()[i]) {
        double[] at =
            FlowSampler.toTarget(back, i % width, i / width, target.size(), target.size());
        int x = Math.max(0, Math.min(width - 1, (int) Math.round(at[0])));
        int y = Math.max(0, Math.min(height - 1, (int) Math.round(at[1])));
        boolean a = pair.sourceMask().at(x, y);
        boolean b = target.inside()[i];
        both += a && b ? 1 : 0;
        either += a || b ? 1 : 0;
      }
    }

    return either == 0 ? 1 : (double) both / either;
  }
}
