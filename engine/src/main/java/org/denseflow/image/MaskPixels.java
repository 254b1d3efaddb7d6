package org.denseflow.image;

/** The pixels of a mask's file, one after the other, each with all that a rule may look at. */
final class MaskPixels {
  private final Samples samples;
  private final int[] argb;

  MaskPixels(Samples samples) {
    this.samples = samples;
    this.argb = new int[samples.width()];
  }

  /** Looks at a pixel; what that says becomes the mask. */
  @FunctionalInterface
  interface Test {

    /**
     * Whether the pixel is the object.
     *
     * @param label the palette index, or the level of grey; of RGB the first channel
     * @param argb packed, 8 bits each
     */
    boolean test(int label, int argb);
  }

  /** All pixels for which a test holds. */
  Mask mask(Test test) {
    int width = samples.width();
    boolean[] inside = new boolean[width * samples.height()];

    for (int y = 0; y < samples.height(); y++) {
      samples.argb(y, argb);
      int[] row = samples.row(y);

      for (int x = 0; x < width; x++) {
        inside[y * width + x] = test.test(row[samples.bands() * x], argb[x]);
      }
    }

    return new Mask(width, samples.height(), inside);
  }

  Samples samples() {
    return samples;
  }
}
