package org.denseflow.synthesis;

import java.util.Arrays;

/**
 * A colour change as one affine map of RGB in 0..255: {@code m} is a row-major {@code [3, 4]}
 * matrix. Brightness, contrast and saturation are those of torchvision's ColorJitter; hue turns the
 * chrominance in YIQ. Our choice: the four come in this fixed order, and hue is the linear turn
 * instead of HSV's, so that a jitter is one matrix, exact in the recipe and cheap to apply.
 */
public record ColorMatrix(double[] m) {
  private static final double[] GREY = {0.299, 0.587, 0.114};

  /** Nothing changes. */
  public static final ColorMatrix IDENTITY =
      new ColorMatrix(new double[] {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0});

  /** Checks the matrix's size. */
  public ColorMatrix {
    if (m.length != 12) {
      throw new IllegalArgumentException(
          "Invalid colour matrix: %d numbers, expected 12".formatted(m.length));
    }
  }

  /**
   * A jitter.
   *
   * @param brightness factor on all values
   * @param contrast factor on the distance from the image's mean grey
   * @param saturation factor on the distance from a pixel's own grey
   * @param hue turn of the chrominance, in full turns
   * @param meanGrey the image's mean grey before the jitter, 0..255
   */
  public static ColorMatrix jitter(
      double brightness, double contrast, double saturation, double hue, double meanGrey) {
    double scale = brightness * contrast;
    double offset = (1 - contrast) * brightness * meanGrey;
    double[] result = new double[12];

    for (int r = 0; r < 3; r++) {
      double[] row = saturatedAndTurned(r, saturation, hue);

      for (int c = 0; c < 3; c++) {
        result[4 * r + c] = scale * row[c];
        result[4 * r + 3] += offset * row[c];
      }
    }

    return new ColorMatrix(result);
  }

  /** Grey of an RGB value. */
  static double grey(double r, double g, double b) {
    return GREY[0] * r + GREY[1] * g + GREY[2] * b;
  }

  private static double[] saturatedAndTurned(int row, double saturation, double hue) {
    double[][] toYiq = {GREY, {0.595716, -0.274453, -0.321263}, {0.211456, -0.522591, 0.311135}};
    double[][] fromYiq = {{1, 0.9563, 0.6210}, {1, -0.2721, -0.6474}, {1, -1.1070, 1.7046}};
    double cos = StrictMath.cos(2 * Math.PI * hue);
    double sin = StrictMath.sin(2 * Math.PI * hue);
    double i = fromYiq[row][1];
    double q = fromYiq[row][2];
    double[] turned = {1, saturation * (i * cos + q * sin), saturation * (q * cos - i * sin)};
    double[] result = new double[3];

    for (int c = 0; c < 3; c++) {
      for (int k = 0; k < 3; k++) {
        result[c] += turned[k] * toYiq[k][c];
      }
    }

    return result;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ColorMatrix matrix && Arrays.equals(m, matrix.m);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(m);
  }
}
