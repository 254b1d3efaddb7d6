package org.denseflow.matcher.recurrent;

import java.util.ArrayList;
import java.util.List;
import org.denseflow.geometry.Size;
import org.denseflow.graph.FlowLosses;
import org.denseflow.graph.GridCells;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The distance of the passes' affine fields, by their translations, to the true flow of synthetic
 * pairs.
 *
 * @param distance the masked L1 distance, the mean over all passes (our choice, so that each pass
 *     learns to come nearer)
 * @param ends mean end-point errors in cells; {@code epe.1} after the first pass, {@code epe} after
 *     the last
 */
record FieldErrors(SDVariable distance, List<SDVariable> ends) {

  /**
   * Measures.
   *
   * @param fields after each pass, {@code [batch, h·w, 6]}
   * @param mask of the source, {@code [batch, h, w, 1]}
   * @param truth {@code [batch, h, w, 2]}, in cells
   * @param valid {@code [batch, h, w, 1]}, 1 where it is known
   */
  static FieldErrors of(
      List<SDVariable> fields, Size grid, SDVariable mask, SDVariable truth, SDVariable valid) {
    FlowLosses losses = new FlowLosses(grid, FlowLosses.Unit.CELLS);
    SDVariable sum = null;
    List<SDVariable> ends = new ArrayList<>();

    for (int pass = 0; pass < fields.size(); pass++) {
      SDVariable flow = flow(fields.get(pass), grid);
      SDVariable own = losses.absoluteError(new FlowLosses.View(flow, mask.mul(valid)), truth);
      sum = sum == null ? own : sum.add(own);
      String name = pass == fields.size() - 1 ? "epe" : "epe." + (pass + 1);
      ends.add(FlowLosses.endPointError(name, new FlowLosses.View(flow, mask), truth, valid));
    }

    return new FieldErrors(sum.div(fields.size()), List.copyOf(ends));
  }

  /** The translations of the fields, {@code [batch, h, w, 2]}. */
  private static SDVariable flow(SDVariable fields, Size grid) {
    SDVariable x = fields.get(SDIndex.all(), SDIndex.all(), SDIndex.interval(2, 3));
    SDVariable y = fields.get(SDIndex.all(), SDIndex.all(), SDIndex.interval(5, 6));
    return GridCells.unflatten(fields.getSameDiff().concat(2, x, y), grid, 2);
  }
}
