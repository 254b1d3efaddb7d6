package org.denseflow.graph;

import org.denseflow.geometry.Bilinear.Border;
import org.denseflow.geometry.Size;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The losses of SFNet, Eq. 6-10, with the normalisations of its released code, and a masked L1 loss
 * on flows. Each is a scalar, the mean over the batch.
 *
 * <p>Flows are in cells; what a loss measures is the flow in the chosen {@link Unit}. SFNet's
 * weights, 3 for the mask, 16 for the flow and 0.5 for the smoothness term, belong to {@link
 * Unit#NORMALISED}.
 */
public final class FlowLosses {
  /** In what unit flows are measured. */
  public enum Unit {
    /** Cells. */
    CELLS,
    /** The centres of the outer cells lie at -1 and 1, as in SFNet's code. */
    NORMALISED
  }

  /** What the smoothness term differentiates. */
  public enum Smoothness {
    /** Each component of the flow: |du| + |dv|, Eq. 10. */
    COMPONENTS,
    /** The sum of both: |d(u + v)|, as SFNet's released code convolves both with one kernel. */
    SUM
  }

  /**
   * One image's side of a pair.
   *
   * @param flow {@code [batch, h, w, 2]}, from this image to the other, (x, y) in cells
   * @param mask {@code [batch, h, w, 1]}, 1 for the foreground of this image and 0 elsewhere
   */
  public record View(SDVariable flow, SDVariable mask) {}

  private final Size grid;
  private final Unit unit;
  private final Upsampling.Corners warping;
  private final Smoothness form;

  /**
   * Makes the losses as the paper has them.
   *
   * @param grid the size of flows and masks
   */
  public FlowLosses(Size grid, Unit unit) {
    this(grid, unit, Upsampling.Corners.ALIGNED, Smoothness.COMPONENTS);
  }

  /**
   * Makes the losses.
   *
   * @param grid the size of flows and masks
   * @param warping {@link Upsampling.Corners#ALIGNED} reads a map where the flow points; {@link
   *     Upsampling.Corners#EDGES} takes a position between the centres of the outermost cells for
   *     one between the map's outer edges, as SFNet's released code with PyTorch 1.3 or later
   * @param form of the smoothness term
   */
  public FlowLosses(Size grid, Unit unit, Upsampling.Corners warping, Smoothness form) {
    boolean isNormalised = unit == Unit.NORMALISED || warping == Upsampling.Corners.EDGES;

    if (isNormalised && (grid.height() < 2 || grid.width() < 2)) {
      throw new IllegalArgumentException(
          "Invalid grid size: normalised flows need sides of at least 2, found %dx%d"
              .formatted(grid.width(), grid.height()));
    }

    this.grid = grid;
    this.unit = unit;
    this.warping = warping;
    this.form = form;
  }

  /**
   * The flow to matched positions, SFNet, Eq. 5.
   *
   * @param positions {@code [batch, h·w, 2]}, (x, y) in cells
   * @return {@code [batch, h, w, 2]}, in cells
   */
  public SDVariable flow(SDVariable positions) {
    return GridCells.unflatten(
        positions.sub(Constants.tensor(positions, GridCells.positions(grid))), grid, 2);
  }

  /**
   * Mask consistency, SFNet, Eq. 6-7: the sum of (M - warp(M_other))² / (h·w), both directions
   * added.
   */
  public SDVariable maskConsistency(View source, View target) {
    return maskTerm(source, target).add(maskTerm(target, source));
  }

  /**
   * Flow consistency, SFNet, Eq. 8-9: the sum of ||F · M + warp(F_other) · M||² / (foreground cells
   * + 1), both directions added.
   */
  public SDVariable flowConsistency(View source, View target) {
    return flowTerm(source, target).add(flowTerm(target, source));
  }

  /**
   * Smoothness, SFNet, Eq. 10: the sum of |dF/dx| · M and |dF/dy| · M over both components of the
   * flow, or of their sum, / (foreground cells + 1), both directions added. Derivatives are central
   * differences [-1 0 1] / 2 with zeros around the flow.
   */
  public SDVariable smoothness(View source, View target) {
    return smoothness(source).add(smoothness(target));
  }

  /** As {@link #smoothness(View, View)} in one direction. */
  public SDVariable smoothness(View own) {
    SameDiff graph = own.flow().getSameDiff();
    SDVariable flow =
        switch (form) {
          case COMPONENTS -> measured(own.flow());
          case SUM -> measured(own.flow()).sum(true, 3);
        };
    int[] none = {0, 0};
    int[] one = {1, 1};
    int height = grid.height();
    int width = grid.width();
    SDVariable tall = graph.nn().pad(flow, Constants.padding(flow, none, one, none, none), 0);
    SDVariable wide = graph.nn().pad(flow, Constants.padding(flow, none, none, one, none), 0);
    SDVariable dy =
        rows(tall, SDIndex.interval(2, height + 2)).sub(rows(tall, SDIndex.interval(0, height)));
    SDVariable dx =
        columns(wide, SDIndex.interval(2, width + 2))
            .sub(columns(wide, SDIndex.interval(0, width)));
    SDVariable steepness = graph.math().abs(dx).add(graph.math().abs(dy)).mul(0.5);
    return foregroundMean(steepness, own.mask());
  }

  /**
   * The sum of |F - F_true| · M over both components / (foreground cells + 1).
   *
   * @param view the estimated flow and the mask of the cells that count
   * @param truth {@code [batch, h, w, 2]}, in cells
   */
  public SDVariable absoluteError(View view, SDVariable truth) {
    SameDiff graph = truth.getSameDiff();
    return foregroundMean(graph.math().abs(measured(view.flow().sub(truth))), view.mask());
  }

  /**
   * The mean distance between an estimated and the true flow on valid cells of the object, in
   * cells; not a loss. NaN where no true flow is known.
   *
   * @param name of the result, {@code epe} for the one that validation tells
   * @param truth {@code [batch, h, w, 2]}, in cells
   * @param valid {@code [batch, h, w, 1]}, 1 where it is known
   */
  public static SDVariable endPointError(
      String name, View view, SDVariable truth, SDVariable valid) {
    SDVariable difference = view.flow().sub(truth);
    SDVariable counted = valid.mul(view.mask());
    SDVariable squared = difference.mul(difference).sum(true, 3);
    SDVariable distance = truth.getSameDiff().math().sqrt(squared.add(1e-12));
    return distance.mul(counted).sum().div(name, counted.sum());
  }

  /** The mean over the batch of sum(values · mask) / (sum(mask) + 1), a scalar. */
  public static SDVariable foregroundMean(SDVariable values, SDVariable mask) {
    return values.mul(mask).sum(1, 2, 3).div(mask.sum(1, 2, 3).add(1)).mean();
  }

  private SDVariable maskTerm(View own, View other) {
    SDVariable difference = own.mask().sub(warp(other.mask(), 1, own.flow()));
    return difference.mul(difference).sum(1, 2, 3).div(grid.cells()).mean();
  }

  private SDVariable flowTerm(View own, View other) {
    SDVariable sum = own.flow().add(warp(other.flow(), 2, own.flow()));
    SDVariable measured = measured(sum).mul(own.mask());
    return foregroundMean(measured.mul(measured), own.mask());
  }

  /**
   * The map read at p + flow(p), SFNet, Eq. 6 and 9.
   *
   * @param map {@code [batch, h, w, channels]}
   * @param flow {@code [batch, h, w, 2]}, in cells
   */
  public SDVariable warp(SDVariable map, int channels, SDVariable flow) {
    SDVariable positions =
        GridCells.flatten(flow, grid, 2).add(Constants.tensor(flow, GridCells.positions(grid)));
    SDVariable read =
        switch (warping) {
          case ALIGNED -> positions;
          case EDGES -> positions.mul(spread(positions)).sub(0.5);
        };
    SDVariable sampled = BilinearSampling.sample(map, grid, channels, read, Border.ZERO);
    return GridCells.unflatten(sampled, grid, channels);
  }

  /** What brings the w - 1 cells between the outermost centres to the w between the edges. */
  private SDVariable spread(SDVariable positions) {
    return Constants.vector(
        positions, grid.width() / (grid.width() - 1.0), grid.height() / (grid.height() - 1.0));
  }

  private SDVariable measured(SDVariable flow) {
    return unit == Unit.CELLS
        ? flow
        : flow.mul(Constants.vector(flow, 2.0 / (grid.width() - 1), 2.0 / (grid.height() - 1)));
  }

  private static SDVariable rows(SDVariable map, SDIndex index) {
    return map.get(SDIndex.all(), index, SDIndex.all(), SDIndex.all());
  }

  private static SDVariable columns(SDVariable map, SDIndex index) {
    return map.get(SDIndex.all(), SDIndex.all(), index, SDIndex.all());
  }
}
