package org.denseflow.image;

/**
 * {@link Resize} as Pillow's {@code BILINEAR} does it to pictures of 8 bits: columns first, then
 * rows, with weights in fixed point and each pass rounded to whole levels. The result has the same
 * bytes as Pillow's.
 */
public final class EightBitResize {
  /** Fractional bits of a weight. */
  private static final int BITS = 22;

  private EightBitResize() {}

  /** Resizes. */
  public static RgbImage of(RgbImage image, int width, int height) {
    return turned(turned(image, width), height);
  }

  /** Resizes the rows to a length and makes them the columns of the result. */
  private static RgbImage turned(RgbImage image, int length) {
    int lines = image.height();
    byte[] pixels = new byte[3 * length * lines];

    for (int i = 0; i < length; i++) {
      Weights weights = Weights.of(i, image.width(), length);

      for (int line = 0; line < lines; line++) {
        for (int c = 0; c < 3; c++) {
          int from = 3 * (line * image.width() + weights.first()) + c;
          pixels[3 * (i * lines + line) + c] = weights.mean(image.pixels(), from);
        }
      }
    }

    return new RgbImage(lines, length, pixels);
  }

  /** The weights of an output pixel's neighbours, {@code values[k]} for input pixel first + k. */
  private record Weights(int first, int[] values) {

    static Weights of(int output, int in, int out) {
      double ratio = (double) in / out;
      double support = Math.max(1, ratio);
      double centre = (output + 0.5) * ratio;
      int first = Math.max(0, (int) (centre - support + 0.5));
      int end = Math.min(in, (int) (centre + support + 0.5));
      double[] exact = new double[end - first];
      double sum = 0;

      for (int k = 0; k < exact.length; k++) {
        exact[k] = Math.max(0, 1 - Math.abs((k + first - centre + 0.5) * (1 / support)));
        sum += exact[k];
      }

      int[] values = new int[exact.length];

      for (int k = 0; k < values.length; k++) {
        values[k] = (int) (0.5 + exact[k] / sum * (1 << BITS));
      }

      return new Weights(first, values);
    }

    /** The weighted mean of every third byte from a place on, halves rounded up. */
    byte mean(byte[] pixels, int from) {
      int sum = 1 << (BITS - 1);

      for (int k = 0; k < values.length; k++) {
        sum += values[k] * (pixels[from + 3 * k] & 0xff);
      }

      return (byte) Math.min(255, sum >> BITS);
    }
  }
}
