package org.denseflow.image;

/** The pixels of a mask's file in order, each with its label and its colour. */
final class MaskPixels {
  private final Samples samples;
  private final int[] argb;

  MaskPixels(Samples samples) {
    this.samples = samples;
    this.argb = new int[samples.width()];
  }

  /** Decides of each pixel whether it is the object. */
  @FunctionalInterface
  interface Criterion {

    /**
     * Whether the pixel is the object.
     *
     * @param label the palette index, or the level of grey; of RGB the first channel
     * @param argb packed, 8 bits each
     */
    boolean holds(int label, int argb);
  }

  /** Receives the pixels in order. */
  @FunctionalInterface
  interface Visitor {

    /** The pixel at an index, row-major, with what {@link Criterion#holds} is given. */
    void visit(int index, int label, int argb);
  }

  void each(Visitor visitor) {
    int width = samples.width();

    for (int y = 0; y < samples.height(); y++) {
      samples.argb(y, argb);
      int[] row = samples.row(y);

      for (int x = 0; x < width; x++) {
        visitor.visit(y * width + x, row[samples.bands() * x], argb[x]);
      }
    }
  }

  /** All pixels for which a criterion holds. */
  Mask mask(Criterion criterion) {
    boolean[] inside = new boolean[samples.width() * samples.height()];
    each((index, label, argb) -> inside[index] = criterion.holds(label, argb));
    return new Mask(samples.width(), samples.height(), inside);
  }

  Samples samples() {
    return samples;
  }
}
