package org.denseflow.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.IntSummaryStatistics;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The numbers that an image file stores for its pixels, row by row, without any colour conversion:
 * palette indices, grey levels, RGB or CMYK, with or without alpha.
 */
final class Samples {
  private static final int BYTE_BITS = 8;
  private static final int CMYK = 4;
  private static final int MAX_BITS = 16;
  private static final Set<Integer> KNOWN =
      Set.of(ColorSpace.TYPE_GRAY, ColorSpace.TYPE_RGB, ColorSpace.TYPE_CMYK);

  private final Raster raster;
  private final ColorModel colors;
  private final int width;
  private final int bands;
  private final int[] palette;
  private final int[] row;

  private Samples(BufferedImage image, int[] palette) {
    this.raster = image.getRaster();
    this.colors = image.getColorModel();
    this.width = image.getWidth();
    this.bands = raster.getNumBands();
    this.palette = palette;
    this.row = new int[bands * width];
  }

  /**
   * The samples of an image.
   *
   * @throws ImageException if they are neither palette indices nor grey, RGB or CMYK of up to 16
   *     bits
   */
  static Samples of(BufferedImage image) throws ImageException {
    if (image.getColorModel() instanceof IndexColorModel index) {
      int[] palette = new int[index.getMapSize()];
      index.getRGBs(palette);
      return new Samples(image, palette);
    }

    check(image.getColorModel(), image.getRaster().getNumBands());
    return new Samples(image, null);
  }

  private static void check(ColorModel colors, int bands) throws ImageException {
    int family = colors.getColorSpace().getType();
    boolean whole =
        colors.getTransferType() == DataBuffer.TYPE_BYTE
            || colors.getTransferType() == DataBuffer.TYPE_USHORT
            || colors.getTransferType() == DataBuffer.TYPE_INT;
    IntSummaryStatistics bits = IntStream.of(colors.getComponentSize()).summaryStatistics();
    boolean fits = bits.getMin() > 0 && bits.getMax() <= MAX_BITS;

    if (!whole || !fits || bands < colors.getNumComponents() || !KNOWN.contains(family)) {
      throw new ImageException(
          ImageError.UNKNOWN_FORMAT,
          "Cannot decode image: samples of %d bits in %d channels; convert it to grey or RGB of 8 or"
                  .formatted(bits.getMax(), colors.getNumComponents())
              + " 16 bits");
    }
  }

  int width() {
    return width;
  }

  int height() {
    return raster.getHeight();
  }

  /** Packed ARGB of each palette index, null where there is no palette. */
  int[] palette() {
    return palette;
  }

  /** The largest value that a sample, or a palette index, can have. */
  int range() {
    return palette == null ? (1 << colors.getComponentSize(0)) - 1 : palette.length - 1;
  }

  /** The stored numbers of a row: of each pixel all bands. */
  int[] row(int y) {
    return raster.getPixels(0, y, width, 1, row);
  }

  /** Of a pixel: one for palettes and grey, three for RGB, and one more with alpha. */
  int bands() {
    return bands;
  }

  /** A row as packed 8-bit ARGB. */
  void argb(int y, int[] argb) {
    int[] values = row(y);

    for (int x = 0; x < width; x++) {
      argb[x] = palette == null ? argb(values, bands * x) : indexed(values[bands * x]);
    }
  }

  private int indexed(int index) {
    return index < palette.length ? palette[index] : 0xff000000;
  }

  private int argb(int[] values, int at) {
    int colours = colors.getNumColorComponents();

    if (colours == CMYK) {
      return 0xff000000 | ink(values, at, 0) << 16 | ink(values, at, 1) << 8 | ink(values, at, 2);
    }

    int alpha = colors.hasAlpha() ? eightBits(values[at + colours], colours) : 255;
    int red = eightBits(values[at], 0);
    int green = colours == 1 ? red : eightBits(values[at + 1], 1);
    int blue = colours == 1 ? red : eightBits(values[at + 2], 2);

    if (colors.isAlphaPremultiplied() && alpha > 0) {
      red = Math.min(255, (red * 255 + alpha / 2) / alpha);
      green = Math.min(255, (green * 255 + alpha / 2) / alpha);
      blue = Math.min(255, (blue * 255 + alpha / 2) / alpha);
    }

    return alpha << 24 | red << 16 | green << 8 | blue;
  }

  /** What white paper shows under one of three inks and black, without a colour profile. */
  private int ink(int[] values, int at, int component) {
    int paper = 255 - eightBits(values[at + 3], 3);
    return paper - (eightBits(values[at + component], component) * paper + 127) / 255;
  }

  private int eightBits(int value, int component) {
    int bits = colors.getComponentSize(component);
    return bits >= BYTE_BITS ? value >> bits - BYTE_BITS : value * 255 / ((1 << bits) - 1);
  }
}
