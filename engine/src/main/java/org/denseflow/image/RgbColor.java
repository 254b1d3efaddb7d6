package org.denseflow.image;

/** A colour, each channel in 0..255. */
public record RgbColor(float red, float green, float blue) {
  /** No light at all. */
  public static final RgbColor BLACK = new RgbColor(0, 0, 0);

  /** {red, green, blue}. */
  public float[] values() {
    return new float[] {red, green, blue};
  }
}
