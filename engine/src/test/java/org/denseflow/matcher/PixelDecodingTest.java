package org.denseflow.matcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowSampler;
import org.denseflow.geometry.Size;
import org.denseflow.matcher.sfnet.GoldenSfnet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Positions of SFNet's authors' own grids against where their evaluation puts keypoints. */
class PixelDecodingTest {
  private static final Size GRID = new Size(20, 20);

  /** Both images of a pair have one size. */
  @ParameterizedTest
  @CsvSource({"dogs, 854, 480", "cat-tiger, 448, 448"})
  void keypointsLieWhereTheAuthorsPutThem(String pair, int width, int height) {
    float[] grid = GoldenSfnet.tensor("infer/" + pair + ".released.grid_T2S").values();
    float[] keypoints = GoldenSfnet.tensor("infer/" + pair + ".released.keypoints").values();
    Size size = new Size(width, height);
    FlowField flow = new PixelDecoding(field(grid), GRID, 1).decode(size, size);

    for (int k = 0; k < keypoints.length; k += 4) {
      double[] found = FlowSampler.toTarget(flow, keypoints[k], keypoints[k + 1], size, size);
      assertThat(found[0]).isCloseTo(keypoints[k + 2], within(0.01));
      assertThat(found[1]).isCloseTo(keypoints[k + 3], within(0.01));
    }
  }

  private static FlowField field(float[] grid) {
    CellFlow flow = new CellFlow(GRID, GRID);

    for (int i = 0; i < GRID.cells(); i++) {
      flow.set(i, (grid[2 * i] + 1) / 2 * 19, (grid[2 * i + 1] + 1) / 2 * 19, 1);
    }

    return flow.field();
  }
}
