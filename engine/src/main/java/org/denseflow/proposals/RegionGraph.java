package org.denseflow.proposals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.denseflow.image.RgbImage;

/**
 * The neighbourhood graph of superpixels: size, box and colours of each, and the length of the
 * border between neighbours.
 */
final class RegionGraph {
  /** Bins per channel. */
  private static final int BINS = 16;

  private final int pixels;
  private final List<Region> regions = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();

  /**
   * One region.
   *
   * @param size pixels
   * @param box around it, in pixels
   * @param histogram colours, {@code [3 channels x 16]}, each channel's sum is 1
   */
  record Region(int size, RegionBox box, float[] histogram) {

    /** Histogram intersection, 0..1. */
    double colorSimilarity(Region other) {
      double sum = 0;

      for (int b = 0; b < histogram.length; b++) {
        sum += Math.min(histogram[b], other.histogram[b]);
      }

      return sum / 3;
    }
  }

  /**
   * Two neighbours.
   *
   * @param border pairs of adjacent pixels between them
   */
  record Edge(int a, int b, int border) {

    int other(int region) {
      return region == a ? b : a;
    }
  }

  /** Measures superpixels on an image in the colour space to compare them in. */
  RegionGraph(Superpixels superpixels, RgbImage image) {
    this.pixels = superpixels.width() * superpixels.height();
    measure(superpixels, image);
    connect(superpixels);
  }

  /** Pixels of the image. */
  int pixels() {
    return pixels;
  }

  List<Region> regions() {
    return regions;
  }

  /** Sorted by their regions' numbers. */
  List<Edge> edges() {
    return edges;
  }

  private void measure(Superpixels superpixels, RgbImage image) {
    int count = superpixels.count();
    int[] size = new int[count];
    int[][] box = new int[count][];
    float[][] histograms = new float[count][3 * BINS];

    for (int i = 0; i < pixels; i++) {
      int label = superpixels.labels()[i];
      int x = i % superpixels.width();
      int y = i / superpixels.width();
      int[] own = box[label];
      box[label] =
          own == null
              ? new int[] {x, y, x, y}
              : new int[] {Math.min(own[0], x), own[1], Math.max(own[2], x), Math.max(own[3], y)};
      size[label]++;

      for (int c = 0; c < 3; c++) {
        histograms[label][c * BINS + image.at(x, y, c) * BINS / 256]++;
      }
    }

    for (int r = 0; r < count; r++) {
      for (int b = 0; b < histograms[r].length; b++) {
        histograms[r][b] /= size[r];
      }

      int[] own = box[r];
      RegionBox around = new RegionBox(own[0], own[1], own[2] + 1, own[3] + 1);
      regions.add(new Region(size[r], around, histograms[r]));
    }
  }

  private void connect(Superpixels superpixels) {
    Map<Long, Integer> borders = new TreeMap<>();
    int[] labels = superpixels.labels();
    int width = superpixels.width();

    for (int i = 0; i < pixels; i++) {
      if (i % width + 1 < width) {
        count(labels[i], labels[i + 1], borders);
      }

      if (i + width < pixels) {
        count(labels[i], labels[i + width], borders);
      }
    }

    borders.forEach(
        (pair, border) -> edges.add(new Edge((int) (pair >> 32), pair.intValue(), border)));
  }

  private static void count(int a, int b, Map<Long, Integer> borders) {
    if (a != b) {
      borders.merge((long) Math.min(a, b) << 32 | Math.max(a, b), 1, Integer::sum);
    }
  }
}
