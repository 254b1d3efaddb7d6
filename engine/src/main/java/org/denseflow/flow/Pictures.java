package org.denseflow.flow;

import org.denseflow.image.RgbImage;

/** Small pictures to look at beside a flow: overlay and confidence. */
public final class Pictures {

  private Pictures() {}

  /** Half of each image; both must have one size. */
  public static RgbImage overlay(RgbImage below, RgbImage above) {
    if (below.width() != above.width() || below.height() != above.height()) {
      throw new IllegalArgumentException(
          "Cannot overlay: %dx%d on %dx%d"
              .formatted(above.width(), above.height(), below.width(), below.height()));
    }

    byte[] pixels = new byte[below.pixels().length];

    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (((below.pixels()[i] & 0xff) + (above.pixels()[i] & 0xff) + 1) / 2);
    }

    return new RgbImage(below.width(), below.height(), pixels);
  }

  /** Confidence as grey at source resolution, 0 black to 1 white. */
  public static RgbImage confidence(FlowField flow, int sourceWidth, int sourceHeight) {
    byte[] pixels = new byte[3 * sourceWidth * sourceHeight];

    for (int i = 0; i < sourceWidth * sourceHeight; i++) {
      double nx = (i % sourceWidth + 0.5) / sourceWidth;
      double ny = (i / sourceWidth + 0.5) / sourceHeight;
      double value = Math.max(0, Math.min(1, FlowSampler.confidence(flow, nx, ny)));
      byte grey = (byte) Math.round(255 * value);
      pixels[3 * i] = grey;
      pixels[3 * i + 1] = grey;
      pixels[3 * i + 2] = grey;
    }

    return new RgbImage(sourceWidth, sourceHeight, pixels);
  }
}
