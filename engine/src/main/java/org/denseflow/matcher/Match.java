package org.denseflow.matcher;

import java.util.List;
import java.util.Optional;
import org.denseflow.flow.FlowField;
import org.denseflow.image.RgbImage;
import org.denseflow.proposals.RegionMatch;

/**
 * The result for one ordered pair.
 *
 * @param flow on the source's grid, pointing into the target, with confidence and validity
 * @param score how well the pair matches as a whole: mean rectified cosine of the matched cells,
 *     0..1
 * @param confident how many cells had a confident match (0 where the method does not tell)
 * @param fallback whether the method had to fall back because nothing was confident
 * @param steps intermediate results, if asked for and if the method has any
 * @param regions the counterpart of each region of the source, if asked for and if the method
 *     matches regions
 */
public record Match(
    FlowField flow,
    double score,
    int confident,
    Fallback fallback,
    List<Step> steps,
    List<RegionMatch> regions) {

  /** Copies the lists. */
  public Match {
    steps = List.copyOf(steps);
    regions = List.copyOf(regions);
  }

  /** Without regions. */
  public Match(FlowField flow, double score, int confident, Fallback fallback, List<Step> steps) {
    this(flow, score, confident, fallback, steps, List.of());
  }

  /** Without steps. */
  public Match(FlowField flow, double score, int confident, Fallback fallback) {
    this(flow, score, confident, fallback, List.of());
  }

  /**
   * An intermediate result.
   *
   * @param name what it is, as "guidance 2"
   * @param field on the source's grid, valid where the step makes a statement
   * @param stylised the source with the target's attributes, where the method makes such images
   */
  public record Step(String name, FlowField field, Optional<RgbImage> stylised) {

    /** Without an image. */
    public Step(String name, FlowField field) {
      this(name, field, Optional.empty());
    }
  }

  /** Whether the method's own path was taken. */
  public enum Fallback {
    /** The method ran as described. */
    NONE,
    /** No confident match was found; the documented substitute was used. */
    NO_CONFIDENT_MATCH
  }
}
