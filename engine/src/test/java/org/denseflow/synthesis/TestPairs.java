package org.denseflow.synthesis;

import java.util.List;
import org.denseflow.geometry.Size;
import org.denseflow.synthesis.PairParameters.AffineRange;
import org.denseflow.synthesis.PairParameters.Model;
import org.denseflow.synthesis.PairParameters.Rejection;

/** Pairs of drawn objects with masks, each view under an affine map of its own, for other tests. */
public final class TestPairs {

  private TestPairs() {}

  /** A pair of square views. */
  public static SyntheticPair draw(int size, long seed) {
    ObjectCategory[] categories = ObjectCategory.values();
    var drawn =
        ObjectPainter.draw(categories[(int) (seed % categories.length)], 4 * size / 3, size, seed);
    PairParameters parameters =
        PairDrawTest.withView(
            PairDrawTest.withBothViews(
                PairDrawTest.parameters(
                    List.of(Model.AFFINE),
                    new AffineRange(0, 0, List.of(1.0, 1.0), 0, 0, 0, 0.15),
                    new Rejection(0.3, 0.02, 0.05, 20))),
            new Size(size, size));
    PairRecipe recipe =
        new PairDraw(parameters)
            .draw(PairKey.of(seed, "drawn", 0), ImageFacts.of(drawn.image(), drawn.mask()))
            .recipe();
    return new PairRenderer(size, size).render(recipe, drawn.image(), drawn.mask());
  }
}
