package org.denseflow.proposals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import org.denseflow.image.RgbImage;

/** Proposes the regions of an image: the same ones for the same pixels and parameters. */
public final class Proposals {
  /** Candidates that are asked for per region that is wanted: filters leave some out. */
  private static final int SURPLUS = 3;

  private final ProposalParameters parameters;
  private final ProposalGenerator generator;

  /** Makes the generator that the parameters name. */
  public Proposals(ProposalParameters parameters) {
    this.parameters = parameters;
    this.generator =
        switch (parameters.kind()) {
          case RANDOMISED_PRIM -> new RandomisedPrim();
          case SELECTIVE_SEARCH -> new SelectiveSearch();
          case SLIDING_WINDOW -> new SlidingWindow(parameters.minSide());
          case UNIFORM -> new UniformSampling(parameters.minSide());
        };
  }

  /**
   * Distinct regions in pixels of the image, in random order; a subset drawn at random where there
   * are more than wanted, the whole image where there is none.
   */
  public List<RegionBox> of(RgbImage image) {
    Random random =
        new Random(parameters.seed() * 0x9e3779b97f4a7c15L + Arrays.hashCode(image.pixels()));
    List<RegionBox> kept =
        new ArrayList<>(
            new LinkedHashSet<>(generator.propose(image, SURPLUS * parameters.count(), random)));
    kept.removeIf(box -> !isUsable(box, image));
    Collections.shuffle(kept, random);

    if (kept.isEmpty()) {
      kept.add(new RegionBox(0, 0, image.width(), image.height()));
    }

    return List.copyOf(kept.subList(0, Math.min(kept.size(), parameters.count())));
  }

  private boolean isUsable(RegionBox box, RgbImage image) {
    double shortest = parameters.minSide() * Math.min(image.width(), image.height());
    double x = parameters.border() * image.width();
    double y = parameters.border() * image.height();
    boolean whole = box.width() >= image.width() - 2 * x && box.height() >= image.height() - 2 * y;
    boolean inside =
        box.x1() >= x
            && box.y1() >= y
            && box.x2() <= image.width() - x
            && box.y2() <= image.height() - y;
    return Math.min(box.width(), box.height()) >= shortest && (whole || inside);
  }
}
