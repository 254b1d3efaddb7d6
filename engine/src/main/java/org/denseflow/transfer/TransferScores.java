package org.denseflow.transfer;

import org.denseflow.geometry.Size;
import org.denseflow.image.RgbImage;
import org.denseflow.style.FeatureStatistics;
import org.denseflow.style.StyleCodec;
import org.denseflow.style.StyleFeatures;

/**
 * How far a stylised image went from source to target, and what it kept. All is measured at the
 * working size inside the region of the plain match, that of the source's own features, so that no
 * score depends on the transfer's own idea of what matches; features are those of the finished
 * 8-bit image, encoded again.
 *
 * @param colourMoved 1 − d(stylised, target) / d(source, target), where d is the Fréchet distance
 *     of mean and covariance of RGB between the source's matched region and the target's, {@link
 *     MatchedRegion}: 0 at the source, 1 at the target, negative beyond
 * @param gramMoved the same of the relu3_1 Gram matrices per cell and their Frobenius distance
 * @param content relative distance of relu3_1 to the source's, |F − F^s| / |F^s|
 * @param warpContent the same of the target as the plain flow warps it
 * @param edges correlation of the brightness gradients' magnitude with the source's
 * @param warpEdges the same of the warped target
 */
public record TransferScores(
    double colourMoved,
    double gramMoved,
    double content,
    double warpContent,
    double edges,
    double warpEdges) {

  /**
   * Scores a stylised image.
   *
   * @param region of the plain match
   * @param warped the target, warped by the plain flow to the source's size
   */
  static TransferScores of(
      StyleCodec codec,
      AttributeTransfer.Subject source,
      AttributeTransfer.Subject target,
      MatchedRegion region,
      RgbImage stylised,
      RgbImage warped) {
    Size size = stylised.size();
    StyleFeatures own = source.style();
    StyleFeatures styled = codec.encode(stylised, size);
    boolean[] pixels = pixels(region.source(), source);
    double[] edges = gradient(source.image());
    return new TransferScores(
        colourMoved(source, stylised, target, region),
        gramMoved(own, styled, target.style(), region),
        distance(styled, own, region.source()),
        distance(codec.encode(warped, size), own, region.source()),
        correlation(gradient(stylised), edges, pixels),
        correlation(gradient(warped), edges, pixels));
  }

  private static double colourMoved(
      AttributeTransfer.Subject source,
      RgbImage stylised,
      AttributeTransfer.Subject target,
      MatchedRegion region) {
    boolean[] inside = pixels(region.source(), source);
    FeatureStatistics to =
        FeatureStatistics.of(colours(target.image()), 3, pixels(region.target(), target));
    FeatureStatistics from = FeatureStatistics.of(colours(source.image()), 3, inside);
    FeatureStatistics at = FeatureStatistics.of(colours(stylised), 3, inside);
    return moved(at.distance(to), from.distance(to));
  }

  private static double gramMoved(
      StyleFeatures source, StyleFeatures styled, StyleFeatures target, MatchedRegion region) {
    double[][] to = gram(target, region.target());
    return moved(
        distance(gram(styled, region.source()), to), distance(gram(source, region.source()), to));
  }

  /** Two regions that are alike from the start leave nothing to move. */
  private static double moved(double left, double all) {
    return all > 0 ? 1 - left / all : 1;
  }

  private static double[][] gram(StyleFeatures features, boolean[] region) {
    return FeatureStatistics.of(features.values(), features.channels(), region).gram();
  }

  /** Frobenius. */
  private static double distance(double[][] a, double[][] b) {
    double sum = 0;

    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        sum += (a[i][j] - b[i][j]) * (a[i][j] - b[i][j]);
      }
    }

    return Math.sqrt(sum);
  }

  private static double distance(StyleFeatures features, StyleFeatures source, boolean[] region) {
    double difference = 0;
    double norm = 1e-12;

    for (int i = 0; i < source.values().length; i++) {
      if (region[i / source.channels()]) {
        double d = features.values()[i] - source.values()[i];
        difference += d * d;
        norm += source.values()[i] * source.values()[i];
      }
    }

    return Math.sqrt(difference / norm);
  }

  /** The pixels of cells. */
  private static boolean[] pixels(boolean[] cells, AttributeTransfer.Subject of) {
    int columns = of.style().width();
    int width = of.image().width();
    int stride = width / columns;
    boolean[] pixels = new boolean[cells.length * stride * stride];

    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = cells[i / width / stride * columns + i % width / stride];
    }

    return pixels;
  }

  private static float[] colours(RgbImage image) {
    float[] values = new float[image.pixels().length];

    for (int i = 0; i < values.length; i++) {
      values[i] = (image.pixels()[i] & 0xff) / 255f;
    }

    return values;
  }

  /** The magnitude of central differences of the mean of red, green and blue; 0 at the border. */
  private static double[] gradient(RgbImage image) {
    int width = image.width();
    double[] gradient = new double[width * image.height()];

    for (int y = 1; y < image.height() - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        gradient[y * width + x] =
            Math.hypot(
                grey(image, x + 1, y) - grey(image, x - 1, y),
                grey(image, x, y + 1) - grey(image, x, y - 1));
      }
    }

    return gradient;
  }

  private static double grey(RgbImage image, int x, int y) {
    return (image.at(x, y, 0) + image.at(x, y, 1) + image.at(x, y, 2)) / 3.0;
  }

  private static double correlation(double[] a, double[] b, boolean[] region) {
    double count = 0;
    double meanA = 0;
    double meanB = 0;

    for (int i = 0; i < region.length; i++) {
      count += region[i] ? 1 : 0;
      meanA += region[i] ? a[i] : 0;
      meanB += region[i] ? b[i] : 0;
    }

    meanA /= count;
    meanB /= count;
    double ab = 0;
    double aa = 1e-12;
    double bb = 1e-12;

    for (int i = 0; i < region.length; i++) {
      if (region[i]) {
        ab += (a[i] - meanA) * (b[i] - meanB);
        aa += (a[i] - meanA) * (a[i] - meanA);
        bb += (b[i] - meanB) * (b[i] - meanB);
      }
    }

    return ab / Math.sqrt(aa * bb);
  }
}
