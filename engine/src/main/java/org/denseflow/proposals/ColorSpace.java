package org.denseflow.proposals;

import java.awt.Color;
import org.denseflow.image.FloatImage;
import org.denseflow.image.RgbImage;

/** The colour spaces in which images are segmented, each channel brought to 0..255. */
public enum ColorSpace {
  /** As stored. */
  RGB {
    @Override
    void convert(int r, int g, int b, float[] to, int at) {
      put(to, at, r, g, b);
    }
  },
  /** CIE L*a*b* of sRGB under D65; L* of 0..100 becomes 0..255, a* and b* are moved by 128. */
  LAB {
    @Override
    void convert(int r, int g, int b, float[] to, int at) {
      double red = LINEAR[r];
      double green = LINEAR[g];
      double blue = LINEAR[b];
      double x = curve((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.950456);
      double y = curve(0.2126729 * red + 0.7151522 * green + 0.0721750 * blue);
      double z = curve((0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.088754);
      put(to, at, 2.55 * (116 * y - 16), 500 * (x - y) + 128, 200 * (y - z) + 128);
    }
  },
  /** Hue, saturation, value. */
  HSV {
    @Override
    void convert(int r, int g, int b, float[] to, int at) {
      float[] hsv = Color.RGBtoHSB(r, g, b, null);
      put(to, at, 255 * hsv[0], 255 * hsv[1], 255 * hsv[2]);
    }
  },
  /** Normalised red and green, and the intensity. */
  RGI {
    @Override
    void convert(int r, int g, int b, float[] to, int at) {
      double sum = Math.max(1, r + g + b);
      put(to, at, 255 * r / sum, 255 * g / sum, (r + g + b) / 3.0);
    }
  },
  /** Red-green, yellow-blue, intensity. */
  OPPONENT {
    @Override
    void convert(int r, int g, int b, float[] to, int at) {
      put(to, at, (r - g + 255) / 2.0, (r + g - 2 * b + 510) / 4.0, (r + g + b) / 3.0);
    }
  };

  private static final double[] LINEAR = linear();

  /** Converts every pixel. */
  public FloatImage of(RgbImage image) {
    float[] values = new float[image.pixels().length];

    for (int i = 0; i < values.length; i += 3) {
      convert(
          image.pixels()[i] & 0xff,
          image.pixels()[i + 1] & 0xff,
          image.pixels()[i + 2] & 0xff,
          values,
          i);
    }

    return new FloatImage(image.width(), image.height(), values);
  }

  abstract void convert(int r, int g, int b, float[] to, int at);

  private static void put(float[] to, int at, double first, double second, double third) {
    to[at] = (float) first;
    to[at + 1] = (float) second;
    to[at + 2] = (float) third;
  }

  private static double curve(double t) {
    return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  }

  /** The linear light of each 8-bit sRGB value, 0..1. */
  private static double[] linear() {
    double[] linear = new double[256];

    for (int v = 0; v < 256; v++) {
      double s = v / 255.0;
      linear[v] = s <= 0.04045 ? s / 12.92 : Math.pow((s + 0.055) / 1.055, 2.4);
    }

    return linear;
  }
}
