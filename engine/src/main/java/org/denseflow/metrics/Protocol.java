package org.denseflow.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How a PCK score is counted. Published code bases disagree on every field of this record, so a
 * score without its protocol means nothing: print {@link #describe()} beside it.
 *
 * @param name such as {@code pf-willow/bbox-kp}
 * @param direction which image's keypoints are the query points
 * @param length the reference length L; a point is correct when its error is at most alpha · L
 * @param lengthSide the image that L is taken from
 * @param frame side S of the square frame that both images' coordinates are scaled to before
 *     anything is measured; 0 for original pixels
 * @param base coordinate of the first pixel's centre in the annotation: 0 or 1
 * @param rounding what happens to the query point before the flow is read
 * @param readOut how the flow is read at the query point
 * @param averaging how points become one number
 * @param alphas the tolerances, as fractions of L
 */
public record Protocol(
    String name,
    Direction direction,
    Length length,
    Side lengthSide,
    int frame,
    int base,
    Rounding rounding,
    ReadOut readOut,
    Averaging averaging,
    List<Double> alphas) {

  /** Which image's keypoints are carried over, and so on which image's grid the flow must lie. */
  public enum Direction {
    SOURCE_TO_TARGET,
    TARGET_TO_SOURCE
  }

  /** What the reference length is the longer side of. */
  public enum Length {
    /** The image. */
    IMAGE,
    /** The diagonal of the image. */
    DIAGONAL,
    /** The annotated box of the object. */
    BBOX,
    /** The tight box of the keypoints present in both images. */
    BBOX_KP
  }

  /** One image of a pair. */
  public enum Side {
    SOURCE,
    TARGET
  }

  /** Treatment of the query point. */
  public enum Rounding {
    NONE,
    /** To the nearest pixel centre. */
    PIXEL,
    /** Down to a pixel centre. */
    FLOOR
  }

  /** How the flow is read between its cells. */
  public enum ReadOut {
    /** The displacement of the cell that holds the query point. */
    NEAREST,
    /** Bilinear between cell centres. */
    BILINEAR
  }

  /** How points become one number. */
  public enum Averaging {
    /** Mean over pairs of the share of correct points. */
    IMAGE,
    /** Share of correct points over all pairs. */
    POINT,
    /** Mean over pairs inside a category, then over categories. */
    CLASS
  }

  /** Checks every field. */
  public Protocol {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(length, "length");
    Objects.requireNonNull(lengthSide, "lengthSide");
    Objects.requireNonNull(rounding, "rounding");
    Objects.requireNonNull(readOut, "readOut");
    Objects.requireNonNull(averaging, "averaging");
    alphas = List.copyOf(alphas);

    if (frame < 0) {
      throw new IllegalArgumentException("Invalid protocol frame: " + frame + ", expected >= 0");
    }

    if (base != 0 && base != 1) {
      throw new IllegalArgumentException("Invalid coordinate base: " + base + ", expected 0 or 1");
    }

    if (alphas.isEmpty() || alphas.stream().anyMatch(alpha -> !(alpha > 0))) {
      throw new IllegalArgumentException("Invalid alphas: " + alphas + ", expected positive ones");
    }
  }

  /** The same protocol with other tolerances. */
  public Protocol withAlphas(Double... values) {
    return new Protocol(
        name,
        direction,
        length,
        lengthSide,
        frame,
        base,
        rounding,
        readOut,
        averaging,
        List.of(values));
  }

  /** The same protocol in a square frame of this side; 0 for original pixels. */
  public Protocol withFrame(int side) {
    return new Protocol(
        name, direction, length, lengthSide, side, base, rounding, readOut, averaging, alphas);
  }

  /** The same protocol for annotations of this coordinate base. */
  public Protocol withBase(int value) {
    return new Protocol(
        name, direction, length, lengthSide, frame, value, rounding, readOut, averaging, alphas);
  }

  /** The same protocol with another treatment of query points. */
  public Protocol withRounding(Rounding value) {
    return new Protocol(
        name, direction, length, lengthSide, frame, base, value, readOut, averaging, alphas);
  }

  /** The same protocol with another average. */
  public Protocol withAveraging(Averaging value) {
    return new Protocol(
        name, direction, length, lengthSide, frame, base, rounding, readOut, value, alphas);
  }

  /** One line that says everything about how the score is counted. */
  public String describe() {
    return "%s: %s, L = %s of the %s, %s, %d-based, query %s, read-out %s, mean per %s, alpha %s"
        .formatted(
            name,
            words(direction),
            words(length),
            words(lengthSide),
            frame == 0 ? "original pixels" : "%dx%d frame".formatted(frame, frame),
            base,
            rounding == Rounding.NONE ? "not rounded" : "rounded to " + words(rounding),
            words(readOut),
            words(averaging),
            alphas.stream().map(String::valueOf).collect(Collectors.joining("/")));
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
