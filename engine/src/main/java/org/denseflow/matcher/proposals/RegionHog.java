package org.denseflow.matcher.proposals;

import java.util.List;
import org.denseflow.backbone.hog.HogCells;
import org.denseflow.image.FloatImage;
import org.denseflow.image.Resize;
import org.denseflow.image.RgbImage;
import org.denseflow.proposals.RegionBox;

/**
 * Regions' histograms of oriented gradients: each region, resized to a square of {@value #SIDE} x
 * {@value #SIDE} cells of {@value #CELL} pixels, has those cells' channels side by side.
 */
final class RegionHog {
  /** Cells on a side. */
  static final int SIDE = 8;

  /** Numbers per region. */
  static final int LENGTH = SIDE * SIDE * HogCells.CHANNELS;

  private static final int CELL = 8;

  private RegionHog() {}

  /**
   * Describes every region.
   *
   * @param regions in pixels
   * @return {@code [regions, 8 rows, 8 columns, 27]}
   */
  static float[] of(RgbImage image, List<RegionBox> regions) {
    float[] result = new float[regions.size() * LENGTH];

    for (int r = 0; r < regions.size(); r++) {
      RgbImage crop = crop(image, regions.get(r));
      FloatImage square = Resize.toFloat(crop, SIDE * CELL, SIDE * CELL);
      System.arraycopy(HogCells.of(square, CELL).values(), 0, result, r * LENGTH, LENGTH);
    }

    return result;
  }

  private static RgbImage crop(RgbImage image, RegionBox box) {
    int x = (int) Math.rint(box.x1());
    int y = (int) Math.rint(box.y1());
    int width = (int) Math.rint(box.x2()) - x;
    int height = (int) Math.rint(box.y2()) - y;
    byte[] pixels = new byte[3 * width * height];

    for (int row = 0; row < height; row++) {
      System.arraycopy(
          image.pixels(), 3 * ((y + row) * image.width() + x), pixels, 3 * row * width, 3 * width);
    }

    return new RgbImage(width, height, pixels);
  }
}
