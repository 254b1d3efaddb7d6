package org.denseflow.transfer;

import org.denseflow.image.Coverage;
import org.denseflow.image.RgbImage;

/**
 * How differently an object is coloured than what is around it: 1 less the Bhattacharyya
 * coefficient of the two colour histograms with 8x8x8 bins. A mask that cuts through an object, or
 * holds much background, has little contrast.
 */
final class ColourContrast {
  private static final int BINS = 512;

  private ColourContrast() {}

  /**
   * The contrast, 0 to 1; 0 where mask or background is empty.
   *
   * @param mask of the image's size; above one half is inside
   */
  static double of(Coverage mask, RgbImage image) {
    double[][] counts = new double[2][BINS];
    double[] totals = new double[2];

    for (int i = 0; i < mask.share().length; i++) {
      int side = mask.share()[i] > 0.5 ? 1 : 0;
      byte[] pixels = image.pixels();
      int red = (pixels[3 * i] & 0xff) >> 5;
      int green = (pixels[3 * i + 1] & 0xff) >> 5;
      int blue = (pixels[3 * i + 2] & 0xff) >> 5;
      counts[side][red << 6 | green << 3 | blue]++;
      totals[side]++;
    }

    if (totals[0] == 0 || totals[1] == 0) {
      return 0;
    }

    double coefficient = 0;

    for (int bin = 0; bin < BINS; bin++) {
      coefficient += Math.sqrt(counts[0][bin] / totals[0] * (counts[1][bin] / totals[1]));
    }

    return 1 - coefficient;
  }
}
