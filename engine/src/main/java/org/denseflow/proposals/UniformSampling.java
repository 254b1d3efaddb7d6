package org.denseflow.proposals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.denseflow.image.RgbImage;

/**
 * Boxes at random: centre, root of the area and logarithm of the aspect ratio are uniform (Hosang
 * et al., PAMI 2016); those that do not fit into the image are drawn again. Our choice: the root of
 * the area from the shortest side to the image's shorter side, aspect ratios from 1/3 to 3.
 */
final class UniformSampling implements ProposalGenerator {
  private static final double ASPECT = 3;

  /** Draws for each box: where all but a few do not fit, there are fewer boxes. */
  private static final int MOST_DRAWS = 100;

  private final double minSide;

  UniformSampling(double minSide) {
    this.minSide = minSide;
  }

  @Override
  public List<RegionBox> propose(RgbImage image, int count, Random random) {
    List<RegionBox> boxes = new ArrayList<>(count);
    double shorter = Math.min(image.width(), image.height());

    for (int draw = 0; draw < MOST_DRAWS * count && boxes.size() < count; draw++) {
      double root = shorter * (minSide + (1 - minSide) * random.nextDouble());
      double aspect = Math.pow(ASPECT, 2 * random.nextDouble() - 1);
      double width = Math.max(1, Math.rint(root * Math.sqrt(aspect)));
      double height = Math.max(1, Math.rint(root / Math.sqrt(aspect)));
      double x = Math.rint(random.nextDouble() * image.width() - width / 2);
      double y = Math.rint(random.nextDouble() * image.height() - height / 2);

      if (x >= 0 && y >= 0 && x + width <= image.width() && y + height <= image.height()) {
        boxes.add(new RegionBox(x, y, x + width, y + height));
      }
    }

    return boxes;
  }
}
