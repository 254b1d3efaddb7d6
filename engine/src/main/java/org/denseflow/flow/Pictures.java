package org.denseflow.flow;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import org.denseflow.geometry.Size;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.RgbImage;

/** Small pictures to look at beside a flow: overlay, confidence, and matches as coloured dots. */
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
  public static RgbImage confidence(FlowField flow, Size source) {
    byte[] pixels = new byte[3 * source.cells()];

    for (int i = 0; i < source.cells(); i++) {
      double nx = (i % source.width() + 0.5) / source.width();
      double ny = (i / source.width() + 0.5) / source.height();
      double value = Math.max(0, Math.min(1, FlowSampler.confidence(flow, nx, ny)));
      byte grey = (byte) Math.round(255 * value);
      pixels[3 * i] = grey;
      pixels[3 * i + 1] = grey;
      pixels[3 * i + 2] = grey;
    }

    return new RgbImage(source.width(), source.height(), pixels);
  }

  /**
   * The centres of a field's valid cells, as dots on the source; hue tells the column, brightness
   * the row, size the confidence.
   */
  public static RgbImage cells(RgbImage source, FlowField flow) {
    return dots(source, flow, 0);
  }

  /** Where the cells lie in the target, in the colours of {@link #cells}. */
  public static RgbImage matches(RgbImage target, FlowField flow) {
    return dots(target, flow, 1);
  }

  private static RgbImage dots(RgbImage image, FlowField flow, int share) {
    BufferedImage picture = ImageEncoder.toBuffered(image);
    Graphics2D graphics = picture.createGraphics();

    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);

      for (int i = 0; i < flow.cells(); i++) {
        if (flow.valid()[i]) {
          double x = (i % flow.gridWidth() + 0.5) / flow.gridWidth();
          double y = (i / flow.gridWidth() + 0.5) / flow.gridHeight();
          double side = (double) Math.max(image.width(), image.height()) / flow.gridWidth();
          double size = side * (0.2 + 0.5 * flow.confidence()[i]);
          double left = (x + share * flow.displacement()[2 * i]) * image.width() - size / 2;
          double top = (y + share * flow.displacement()[2 * i + 1]) * image.height() - size / 2;
          graphics.setColor(Color.getHSBColor((float) (0.8 * x), 1, (float) (1 - 0.6 * y)));
          graphics.fill(new Ellipse2D.Double(left, top, size, size));
        }
      }
    } finally {
      graphics.dispose();
    }

    return ImageEncoder.fromBuffered(picture);
  }
}
