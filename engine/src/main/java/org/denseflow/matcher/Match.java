package org.denseflow.matcher;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
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
 * @param agreement the mean agreement of the displacements of the pair's mutual matches, 0..1,
 *     where the method measures it: of pairs that match well it is higher
 * @param mirrored whether the flow is that to the mirrored target, turned back
 * @param steps intermediate results, if asked for and if the method has any
 * @param regions the counterpart of each region of the source, if asked for and if the method
 *     matches regions
 */
public record Match(
    FlowField flow,
    double score,
    int confident,
    Fallback fallback,
    Optional<Double> agreement,
    boolean mirrored,
    List<Step> steps,
    List<RegionMatch> regions) {

  /** Copies the lists. */
  public Match {
    steps = List.copyOf(steps);
    regions = List.copyOf(regions);
  }

  /** To the target as it is, without regions. */
  public Match(
      FlowField flow,
      double score,
      int confident,
      Fallback fallback,
      Optional<Double> agreement,
      List<Step> steps) {
    this(flow, score, confident, fallback, agreement, false, steps, List.of());
  }

  /** The same without agreement. */
  public Match(FlowField flow, double score, int confident, Fallback fallback, List<Step> steps) {
    this(flow, score, confident, fallback, Optional.empty(), steps);
  }

  /** The same without steps. */
  public Match(FlowField flow, double score, int confident, Fallback fallback) {
    this(flow, score, confident, fallback, List.of());
  }

  /** The same with other fields, the flow and those of the steps. */
  Match with(UnaryOperator<FlowField> other) {
    return new Match(
        other.apply(flow),
        score,
        confident,
        fallback,
        agreement,
        mirrored,
        steps.stream()
            .map(step -> new Step(step.name(), other.apply(step.field()), step.stylised()))
            .toList(),
        regions);
  }

  /** The match with the target itself, of one with its mirror image. */
  Match turnedBack() {
    Match back = with(Match::turnedBack);
    return new Match(back.flow, score, confident, fallback, agreement, true, back.steps, regions);
  }

  /** A displacement along x of d to the mirror image is one of 1 − 2x − d. */
  private static FlowField turnedBack(FlowField field) {
    float[] displacement = field.displacement().clone();

    for (int i = 0; i < field.cells(); i++) {
      double x = (i % field.gridWidth() + 0.5) / field.gridWidth();
      displacement[2 * i] = (float) (1 - 2 * x - displacement[2 * i]);
    }

    return new FlowField(
        field.gridWidth(), field.gridHeight(), displacement, field.confidence(), field.valid());
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
