package org.denseflow.synthesis;

import java.util.List;
import org.denseflow.geometry.Size;

/**
 * How synthetic pairs are drawn: the keys of {@code conf/synthesis/<preset>.conf}, where each range
 * is documented with its source. Lengths are normalised: a view is 2 wide and 2 high.
 *
 * @param view size of both views in pixels; both sides even
 * @param image the image is first shrunk to at most this size, each side by itself
 * @param padding what lies beyond the image's border
 * @param crop share of the image's sides that an unwarped view shows
 * @param warp which of the views are warped
 * @param models geometric models; each pair draws one of them
 * @param order how an affine map and a spline are combined
 * @param affine ranges of the affine map
 * @param tps range of the thin-plate spline
 * @param homography range of the homography
 * @param flipProbability share of pairs of which both views are mirrored
 * @param color colour jitter, drawn for each view by itself
 * @param rejection when a pair is drawn again
 */
public record PairParameters(
    Size view,
    Size image,
    Padding padding,
    double crop,
    Warped warp,
    List<Model> models,
    WarpComposition order,
    AffineRange affine,
    Range tps,
    Range homography,
    double flipProbability,
    ColorRange color,
    Rejection rejection) {

  /** Checks what can be wrong together or by itself. */
  public PairParameters {
    require(crop > 0 && crop <= 1, "crop must be in (0, 1], found " + crop);
    require(!models.isEmpty(), "models must name at least one of affine, tps, homography");
    require(
        flipProbability >= 0 && flipProbability <= 1,
        "flip-probability must be 0 to 1, found " + flipProbability);
    requireSides("view", view);
    requireSides("image", image);
    require(
        view.width() % 2 == 0 && view.height() % 2 == 0,
        "view must have even sides, found " + view);
  }

  private static void requireSides(String key, Size size) {
    require(
        Math.min(size.width(), size.height()) >= 8 && Math.max(size.width(), size.height()) <= 8192,
        "sides of %s must be 8 to 8192 pixels, found %s".formatted(key, size));
  }

  /** A geometric model. */
  public enum Model {
    /** An affine map. */
    AFFINE,
    /** A thin-plate spline with 3x3 control points. */
    TPS,
    /** An affine map and a spline, combined in the order that is set. */
    AFFINE_TPS,
    /** A homography given by its four corners. */
    HOMOGRAPHY
  }

  /** What lies beyond the image's border. */
  public enum Padding {
    /** The image mirrored at its edge, the edge pixel repeated. */
    SYMMETRIC,
    /** Black. */
    ZEROS
  }

  /** Which of the views are warped. */
  public enum Warped {
    /** The source view shows the image as it is, the target view is warped. */
    TARGET,
    /** Each view has a warp of its own. */
    BOTH
  }

  /**
   * Ranges of A = E ∘ (R(rotation) R(-axis) diag(scale) R(axis) Shear) + N.
   *
   * @param rotation ± radians
   * @param axis ± radians: direction along which the scales act (CNNGeometric's shear angle)
   * @param scale least and largest factor, drawn for each axis
   * @param shear ± radians, drawn for each axis
   * @param entryJitter ± share by which each entry of the linear part is scaled (weakalign)
   * @param translation ±, drawn for each axis
   * @param noise standard deviation of a normal number added to each of the six entries (SFNet)
   */
  public record AffineRange(
      double rotation,
      double axis,
      List<Double> scale,
      double shear,
      double entryJitter,
      double translation,
      double noise) {
    /** Checks the ranges. */
    public AffineRange {
      require(
          scale.size() == 2 && scale.get(0) > 0 && scale.get(1) >= scale.get(0),
          "affine.scale must be [least, largest], both positive, found " + scale);
      require(
          rotation >= 0
              && axis >= 0
              && shear >= 0
              && entryJitter >= 0
              && translation >= 0
              && noise >= 0,
          "affine ranges must not be negative");
      require(shear < Math.PI / 4, "affine.shear must be below pi/4, found " + shear);
    }
  }

  /**
   * A range.
   *
   * @param jitter ± of each coordinate of each control point or corner
   */
  public record Range(double jitter) {
    /** Checks the range. */
    public Range {
      require(jitter >= 0 && jitter < 1, "jitter must be in [0, 1), found " + jitter);
    }
  }

  /**
   * Colour jitter as of torchvision: factors in 1 ± range, hue in ± range turns.
   *
   * @param brightness ±
   * @param contrast ±
   * @param saturation ±
   * @param hue ± turns
   */
  public record ColorRange(double brightness, double contrast, double saturation, double hue) {
    /** Checks the ranges. */
    public ColorRange {
      require(
          brightness >= 0
              && brightness <= 1
              && contrast >= 0
              && contrast <= 1
              && saturation >= 0
              && saturation <= 1
              && hue >= 0
              && hue <= 0.5,
          "color ranges must be 0 to 1, hue 0 to 0.5");
    }

    /** Whether colours change at all. */
    boolean changes() {
      return brightness > 0 || contrast > 0 || saturation > 0 || hue > 0;
    }
  }

  /**
   * When a pair is drawn again.
   *
   * @param minValid least share of each view that the other view shows too
   * @param minForeground least share of each view that is object and shown by the other view too;
   *     without masks the whole image is object
   * @param minDeterminant least Jacobian determinant of a view's map over its mean: below, the view
   *     is folded or nearly so
   * @param attempts draws before the pair is reported as rejected
   */
  public record Rejection(
      double minValid, double minForeground, double minDeterminant, int attempts) {
    /** Checks the limits. */
    public Rejection {
      require(minValid >= 0 && minValid < 1, "rejection.min-valid must be in [0, 1)");
      require(minForeground >= 0 && minForeground < 1, "rejection.min-foreground is in [0, 1)");
      require(
          minDeterminant >= 0 && minDeterminant < 1, "rejection.min-determinant must be in [0, 1)");
      require(attempts >= 1, "rejection.attempts must be positive, found " + attempts);
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
