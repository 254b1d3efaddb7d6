package org.denseflow.proposals;

import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.denseflow.image.OpenCv;
import org.denseflow.image.RgbImage;

/** The colour spaces in which images are segmented, each channel brought to 0..255 and rounded. */
public enum ColorSpace {
  /** As stored. */
  RGB {
    @Override
    public RgbImage of(RgbImage image) {
      return image;
    }
  },
  /** CIE L*a*b* of sRGB under D65; L* of 0..100 becomes 0..255, a* and b* are moved by 128. */
  LAB {
    @Override
    public RgbImage of(RgbImage image) {
      return converted(image, opencv_imgproc.COLOR_RGB2Lab);
    }
  },
  /** Hue, saturation, value; a full turn of hue is 0..255. */
  HSV {
    @Override
    public RgbImage of(RgbImage image) {
      return converted(image, opencv_imgproc.COLOR_RGB2HSV_FULL);
    }
  },
  /** Normalised red and green, and the intensity. */
  RGI {
    @Override
    public RgbImage of(RgbImage image) {
      return withIntensity(
          image,
          (r, g, b) -> 255.0 * r / Math.max(1, r + g + b),
          (r, g, b) -> 255.0 * g / Math.max(1, r + g + b));
    }
  },
  /** Red-green, yellow-blue, intensity. */
  OPPONENT {
    @Override
    public RgbImage of(RgbImage image) {
      return withIntensity(
          image, (r, g, b) -> (r - g + 255) / 2.0, (r, g, b) -> (r + g - 2 * b + 510) / 4.0);
    }
  };

  /** A channel as a function of red, green and blue, all 0..255. */
  private interface Channel {
    double of(int r, int g, int b);
  }

  /** Converts every pixel: the result has the space's three channels in place of R, G and B. */
  public abstract RgbImage of(RgbImage image);

  private static RgbImage converted(RgbImage image, int code) {
    try (Mat mat = OpenCv.mat(image)) {
      opencv_imgproc.cvtColor(mat, mat, code);
      return OpenCv.image(mat);
    }
  }

  private static RgbImage withIntensity(RgbImage image, Channel first, Channel second) {
    byte[] pixels = new byte[image.pixels().length];

    for (int i = 0; i < pixels.length; i += 3) {
      int r = image.pixels()[i] & 0xff;
      int g = image.pixels()[i + 1] & 0xff;
      int b = image.pixels()[i + 2] & 0xff;
      pixels[i] = (byte) Math.round(first.of(r, g, b));
      pixels[i + 1] = (byte) Math.round(second.of(r, g, b));
      pixels[i + 2] = (byte) Math.round((r + g + b) / 3.0);
    }

    return new RgbImage(image.width(), image.height(), pixels);
  }
}
