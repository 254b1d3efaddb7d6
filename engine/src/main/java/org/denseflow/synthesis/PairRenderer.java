package org.denseflow.synthesis;

import org.denseflow.image.Mask;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.synthesis.PairParameters.Padding;

/**
 * Makes the two views of a recipe from its image. The image is shrunk to the recipe's working size
 * by {@link Resize} (never enlarged), then it is sampled once, by {@link Sampler}, and the colours
 * of the samples are changed; black beyond the image stays black. Not safe for use by several
 * threads.
 */
public final class PairRenderer {
  private final int width;
  private final int height;
  private final ViewRows rows;
  private final Sampler sampler;

  /** Renders views of one size; both sides must be even. */
  public PairRenderer(int width, int height) {
    if (width % 2 != 0 || height % 2 != 0) {
      throw new IllegalArgumentException(
          "Invalid view size: %dx%d, both sides must be even".formatted(width, height));
    }

    this.width = width;
    this.height = height;
    this.rows = new ViewRows(width, height);
    this.sampler = new Sampler(width);
  }

  /** Renders a pair; mask is null without. */
  public SyntheticPair render(PairRecipe recipe, RgbImage image, Mask mask) {
    if (recipe.viewWidth() != width || recipe.viewHeight() != height) {
      throw new IllegalArgumentException(
          "Cannot render a %dx%d pair with a renderer for %dx%d"
              .formatted(recipe.viewWidth(), recipe.viewHeight(), width, height));
    }

    RgbImage working = Resize.toRgb(image, recipe.workingWidth(), recipe.workingHeight());
    sampler.load(working);
    return new SyntheticPair(
        recipe,
        view(recipe.source(), recipe.padding()),
        view(recipe.target(), recipe.padding()),
        mask(recipe.source(), mask),
        mask(recipe.target(), mask));
  }

  private RgbImage view(PairRecipe.View view, Padding padding) {
    byte[] pixels = new byte[3 * width * height];
    ViewRows.Row row = rows.of(view.map());
    ColorChange color =
        view.color().equals(ColorMatrix.IDENTITY) ? null : new ColorChange(view.color(), width);

    if (color == null && view.map().isStraightCrop()) {
      sampler.columns(row.firstU(0), row.stepU());

      for (int y = 0; y < height; y++) {
        sampler.straightRow(row.firstV(y), pixels, 3 * y * width);
      }
    } else {
      for (int i = 0; i < height; i++) {
        int y = row.ordered(i);
        place(row, y);
        sampler.row(padding, color, pixels, 3 * y * width);
      }
    }

    return new RgbImage(width, height, pixels);
  }

  private void place(ViewRows.Row row, int y) {
    if (row.isStraight()) {
      sampler.positions().place(row.firstU(y), row.stepU(), row.firstV(y), row.stepV());
    } else {
      row.at(y);
      sampler.positions().place(rows.u(), rows.v());
    }
  }

  private Mask mask(PairRecipe.View view, Mask mask) {
    if (mask == null) {
      return null;
    }

    boolean[] inside = new boolean[width * height];
    ViewRows.Row row = rows.of(view.map());

    for (int y = 0; y < height; y++) {
      row.at(y);
      Sampler.row(mask, rows.u(), rows.v(), inside, y * width);
    }

    return new Mask(width, height, inside);
  }
}
