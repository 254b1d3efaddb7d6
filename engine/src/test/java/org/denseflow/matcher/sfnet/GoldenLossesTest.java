package org.denseflow.matcher.sfnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.denseflow.geometry.Size;
import org.denseflow.graph.FlowLosses;
import org.denseflow.graph.Upsampling.Corners;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/** SFNet's losses of the authors' own flows and masks against what their modules computed. */
class GoldenLossesTest {
  private static final Size GRID = new Size(20, 20);

  @ParameterizedTest
  @EnumSource
  void lossesOfTheAuthorsFlowsAreTheirs(Corners warping) throws IOException {
    String prefix = warping == Corners.ALIGNED ? "train/old-corners." : "train/new-corners.";
    SameDiff graph = SameDiff.create();
    FlowLosses losses =
        new FlowLosses(GRID, FlowLosses.Unit.NORMALISED, warping, FlowLosses.Smoothness.SUM);
    FlowLosses.View source = view(graph, losses, prefix + "grid_S2T", "train/source.mask");
    FlowLosses.View target = view(graph, losses, prefix + "grid_T2S", "train/target.mask");
    JsonNode expected = GoldenSfnet.losses(warping, Corners.ALIGNED);
    assertTerm(expected, "mask", 3, losses.maskConsistency(source, target));
    assertTerm(expected, "flow", 16, losses.flowConsistency(source, target));
    assertTerm(expected, "smooth", 0.5, losses.smoothness(source, target));
    assertWarped(prefix + "est_src_mask", losses.warp(target.mask(), 1, source.flow()));
    assertWarped(prefix + "est_tgt_mask", losses.warp(source.mask(), 1, target.flow()));
  }

  private static FlowLosses.View view(SameDiff graph, FlowLosses losses, String grid, String mask) {
    INDArray cells = GoldenSfnet.array(grid).add(1).mul((GRID.width() - 1) / 2.0);
    SDVariable positions = graph.constant(cells.reshape(4, GRID.cells(), 2));
    return new FlowLosses.View(losses.flow(positions), graph.constant(GoldenSfnet.map(mask)));
  }

  private static void assertTerm(JsonNode expected, String term, double weight, SDVariable loss) {
    double value = weight * loss.eval().getDouble(0);
    assertThat(value).as(term).isCloseTo(expected.get(term).asDouble(), within(1e-5));
  }

  private static void assertWarped(String golden, SDVariable mask) {
    assertThat(GoldenSfnet.relativeError(golden, mask.eval(), GoldenSfnet.map(golden)))
        .isLessThan(1e-5);
  }
}
