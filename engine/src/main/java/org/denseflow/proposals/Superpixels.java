package org.denseflow.proposals;

import java.util.Arrays;
import org.denseflow.image.FloatImage;

/**
 * The graph-based segmentation of Felzenszwalb and Huttenlocher (IJCV 2004): pixels are joined
 * along ever stronger differences, as long as the difference between two regions is not larger than
 * what is inside either plus k over its size.
 *
 * @param width of the image in pixels
 * @param height of the image in pixels
 * @param labels {@code [height, width]}: the superpixel of each pixel, 0..count-1
 * @param count superpixels
 */
record Superpixels(int width, int height, int[] labels, int count) {
  private static final int[][] NEIGHBOURS = {{1, 0}, {0, 1}, {1, 1}, {1, -1}};

  /** Differences are told apart to this part of a grey value. */
  private static final int FINENESS = 8;

  private static final double[] BLUR = {0.0276, 0.2251, 0.4946, 0.2251, 0.0276};

  /**
   * Segments an image, smoothed by a Gaussian of 0.8 pixels first.
   *
   * @param k the larger, the larger the superpixels
   * @param smallest superpixels of fewer pixels are joined with their most similar neighbour
   */
  static Superpixels of(FloatImage image, double k, int smallest) {
    return new Segmentation(blurred(image), k, smallest).run();
  }

  private static FloatImage blurred(FloatImage image) {
    float[] rows = blurred(image.values(), image.width(), 3);
    return new FloatImage(
        image.width(), image.height(), blurred(rows, image.height(), 3 * image.width()));
  }

  /** Along the axis of this length whose neighbours are stride apart; its ends are repeated. */
  private static float[] blurred(float[] values, int length, int stride) {
    float[] result = new float[values.length];
    int reach = BLUR.length / 2;

    for (int i = 0; i < values.length; i++) {
      int at = i / stride % length;
      double sum = 0;

      for (int t = -reach; t <= reach; t++) {
        int other = Math.max(0, Math.min(length - 1, at + t));
        sum += BLUR[t + reach] * values[i + (other - at) * stride];
      }

      result[i] = (float) sum;
    }

    return result;
  }

  /** One run of the algorithm over all pairs of neighbouring pixels. */
  private static final class Segmentation {
    private final FloatImage image;
    private final double k;
    private final int smallest;
    private final int[] parent;
    private final int[] size;
    private final float[] inside;

    private Segmentation(FloatImage image, double k, int smallest) {
      int pixels = image.width() * image.height();
      this.image = image;
      this.k = k;
      this.smallest = smallest;
      this.parent = new int[pixels];
      this.size = new int[pixels];
      this.inside = new float[pixels];
      Arrays.setAll(parent, i -> i);
      Arrays.fill(size, 1);
    }

    private Superpixels run() {
      long[] edges = edges();
      Arrays.sort(edges);

      for (long edge : edges) {
        int a = root(first(edge));
        int b = root(second(edge));
        float weight = weight(edge);

        if (a != b && weight <= Math.min(inside[a] + k / size[a], inside[b] + k / size[b])) {
          inside[join(a, b)] = weight;
        }
      }

      for (long edge : edges) {
        int a = root(first(edge));
        int b = root(second(edge));

        if (a != b && Math.min(size[a], size[b]) < smallest) {
          join(a, b);
        }
      }

      return labelled();
    }

    /** Difference, pixel and direction of each pair of neighbours, in one sortable number. */
    private long[] edges() {
      int width = image.width();
      int height = image.height();
      long[] edges = new long[NEIGHBOURS.length * width * height];
      int count = 0;

      for (int i = 0; i < width * height; i++) {
        for (int n = 0; n < NEIGHBOURS.length; n++) {
          int x = i % width + NEIGHBOURS[n][0];
          int y = i / width + NEIGHBOURS[n][1];

          if (x < width && y >= 0 && y < height) {
            long difference = Math.round(FINENESS * difference(i, y * width + x));
            edges[count++] = difference << 34 | (long) i << 2 | n;
          }
        }
      }

      return Arrays.copyOf(edges, count);
    }

    private double difference(int a, int b) {
      double sum = 0;

      for (int c = 0; c < 3; c++) {
        double d = image.values()[3 * a + c] - image.values()[3 * b + c];
        sum += d * d;
      }

      return Math.sqrt(sum);
    }

    private static int first(long edge) {
      return (int) (edge >> 2);
    }

    private int second(long edge) {
      int[] step = NEIGHBOURS[(int) (edge & 3)];
      return first(edge) + step[1] * image.width() + step[0];
    }

    private static float weight(long edge) {
      return (float) (edge >> 34) / FINENESS;
    }

    private int root(int i) {
      int at = i;

      while (parent[at] != at) {
        parent[at] = parent[parent[at]];
        at = parent[at];
      }

      return at;
    }

    private int join(int a, int b) {
      int large = size[a] >= size[b] ? a : b;
      int small = large == a ? b : a;
      parent[small] = large;
      size[large] += size[small];
      return large;
    }

    private Superpixels labelled() {
      int[] labels = new int[parent.length];
      int[] number = new int[parent.length];
      Arrays.fill(number, -1);
      int count = 0;

      for (int i = 0; i < labels.length; i++) {
        int root = root(i);

        if (number[root] < 0) {
          number[root] = count++;
        }

        labels[i] = number[root];
      }

      return new Superpixels(image.width(), image.height(), labels, count);
    }
  }
}
