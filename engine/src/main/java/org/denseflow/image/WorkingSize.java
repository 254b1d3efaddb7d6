package org.denseflow.image;

import java.util.Optional;

/**
 * The size in pixels that every image is resized to before features are computed.
 *
 * @param padding pixels around the resized image; the ring of cells that they make is left out
 *     again, so that border cells see something else than zeros (SFNet's released code)
 * @param border the padding's colour; {@link Border#MEAN} if absent
 * @param ring when the ring is left out; {@link Ring#BEFORE} matching if absent
 * @param resizing how exactly images are resized; {@link Resizing#EXACT} if absent
 */
public record WorkingSize(
    int width,
    int height,
    Optional<Integer> padding,
    Optional<Border> border,
    Optional<Ring> ring,
    Optional<Resizing> resizing) {

  /** The colour of padding. */
  public enum Border {
    /** The colour that is 0 after the backbone's normalisation; of most ImageNet's mean. */
    MEAN,
    /** Black, which is not. */
    BLACK
  }

  /** When the cells that padding makes are left out. */
  public enum Ring {
    /** Before matching: nothing is matched to them. */
    BEFORE,
    /** After matching: they are candidates like others, and have no flow of their own. */
    AFTER
  }

  /** How images are resized. */
  public enum Resizing {
    /** As {@link Resize} does, without rounding. */
    EXACT,
    /** As {@link EightBitResize} does. */
    EIGHT_BIT
  }

  /** A size without padding. */
  public WorkingSize(int width, int height) {
    this(width, height, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Checks the range. */
  public WorkingSize {
    if (padding.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "Invalid working size: padding must not be negative, found " + padding.get());
    }

    if (width < 32 || height < 32 || width > 4096 || height > 4096) {
      throw new IllegalArgumentException(
          "Invalid working size: sides must be 32 to 4096, found %dx%d".formatted(width, height));
    }
  }

  /**
   * An image at this size, padded.
   *
   * @param mean the backbone's {@code paddingColor}
   */
  public FloatImage of(RgbImage image, RgbColor mean) {
    FloatImage resized =
        switch (resizing.orElse(Resizing.EXACT)) {
          case EXACT -> Resize.toFloat(image, width, height);
          case EIGHT_BIT -> EightBitResize.of(image, width, height).toFloat();
        };
    RgbColor color =
        switch (border.orElse(Border.MEAN)) {
          case MEAN -> mean;
          case BLACK -> RgbColor.BLACK;
        };
    return resized.padded(padding.orElse(0), color);
  }

  /** The padding's share of the padded image's width, on each side. */
  public double paddingShare() {
    int pixels = padding.orElse(0);
    return (double) pixels / (width + 2 * pixels);
  }

  /** Whether matching sees the cells that padding makes. */
  public boolean matchesRing() {
    return padding.orElse(0) > 0 && ring.orElse(Ring.BEFORE) == Ring.AFTER;
  }

  /** All that an image at this size depends on, in words. */
  public String kind() {
    String padded =
        padding.filter(pixels -> pixels > 0).map(pixels -> " padded " + pixels).orElse("");
    String color = border.map(value -> " " + value).orElse("");
    String rounding = resizing.map(value -> " " + value).orElse("");
    return "%dx%d%s%s%s".formatted(width, height, padded, color, rounding);
  }
}
