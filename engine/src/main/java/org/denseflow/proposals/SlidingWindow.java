package org.denseflow.proposals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.denseflow.image.RgbImage;

/**
 * Windows of fixed sizes and shapes on regular grids (Hosang et al., PAMI 2016). Our choice: sides
 * of geometric mean from twice the shortest side to 0.8 of the image in seven steps, with aspect
 * ratios 1/2, 1 and 2; neighbours of one size are the same share of their side apart, the least
 * that leaves no more windows than wanted.
 */
final class SlidingWindow implements ProposalGenerator {
  private static final int SIZES = 7;
  private static final double LARGEST = 0.8;
  private static final double[] ASPECTS = {0.5, 1, 2};

  private final double minSide;

  SlidingWindow(double minSide) {
    this.minSide = minSide;
  }

  @Override
  public List<RegionBox> propose(RgbImage image, int count, Random random) {
    double step = 0.02;
    List<RegionBox> windows = windows(image, step);

    while (windows.size() > count && step < 1) {
      step *= 1.05;
      windows = windows(image, step);
    }

    return windows;
  }

  private List<RegionBox> windows(RgbImage image, double step) {
    List<RegionBox> windows = new ArrayList<>();
    double shorter = Math.min(image.width(), image.height());
    double smallest = Math.min(LARGEST, 2 * minSide);

    for (int s = 0; s < SIZES; s++) {
      double side = shorter * smallest * Math.pow(LARGEST / smallest, s / (SIZES - 1.0));

      for (double aspect : ASPECTS) {
        double width = Math.rint(side * Math.sqrt(aspect));
        double height = Math.rint(side / Math.sqrt(aspect));
        addGrid(image, width, height, step, windows);
      }
    }

    return windows;
  }

  /** As many windows as fit, spread evenly from edge to edge. */
  private static void addGrid(
      RgbImage image, double width, double height, double step, List<RegionBox> to) {
    double freeX = image.width() - width;
    double freeY = image.height() - height;

    if (width < 1 || height < 1 || freeX < 0 || freeY < 0) {
      return;
    }

    int columns = (int) (freeX / (step * width)) + 1;
    int rows = (int) (freeY / (step * height)) + 1;

    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double x = Math.rint(freeX * (c + 0.5) / columns);
        double y = Math.rint(freeY * (r + 0.5) / rows);
        to.add(new RegionBox(x, y, x + width, y + height));
      }
    }
  }
}
