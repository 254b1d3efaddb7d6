package org.denseflow.matcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.denseflow.backbone.FeatureMap;
import org.denseflow.flow.FlowField;
import org.denseflow.flow.FlowSampler;
import org.denseflow.geometry.Size;
import org.denseflow.image.WorkingSize;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** Matches on a grid of 6x5 cells whose outer ring is padding: 64x48 pixels padded by 16. */
class FlowDecodingTest {
  private static final int WIDTH = 6;
  private static final int HEIGHT = 5;
  private static final int RING = 1;

  @Test
  void cellsAfterMatchingLoseTheRing() {
    double[][] positions = positions();
    FlowField flow =
        decoding(WorkingSize.Ring.AFTER, Decoding.CELLS)
            .decode(match(positions), image(), image())
            .flow();

    assertThat(flow.gridWidth()).isEqualTo(4);
    assertThat(flow.gridHeight()).isEqualTo(3);
    // Inner cell (2, 1) is cell (3, 2) of the padded grid.
    double[] matched = positions[2 * WIDTH + 3];
    double[] at = FlowSampler.displacement(flow, 2.5 / 4, 1.5 / 3);
    assertThat(at[0]).isCloseTo((matched[0] - RING + 0.5) / 4 - 2.5 / 4, within(1e-6));
    assertThat(at[1]).isCloseTo((matched[1] - RING + 0.5) / 3 - 1.5 / 3, within(1e-6));
  }

  @Test
  void aRingThatWasLeftOutBeforeChangesNothing() {
    Match match = match(positions());

    assertThat(decoding(WorkingSize.Ring.BEFORE, Decoding.CELLS).decode(match, image(), image()))
        .isSameAs(match);
  }

  /** Against hat functions over all cells and the released code's formulas, pixel by pixel. */
  @Test
  void pixelsAreWhereTheReleasedCodePutsThem() {
    double[][] positions = positions();
    FlowField flow =
        decoding(WorkingSize.Ring.AFTER, Decoding.PIXELS)
            .decode(match(positions), image(37, 23), image(50, 41))
            .flow();
    assertThat(flow.gridWidth()).isEqualTo(37);
    assertThat(flow.gridHeight()).isEqualTo(23);

    for (int i = 0; i < 37 * 23; i++) {
      int x = i % 37;
      int y = i / 37;
      double gx = 0;
      double gy = 0;

      for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 4; column++) {
          double weight =
              Math.max(0, 1 - Math.abs(x * 3.0 / 36 - column))
                  * Math.max(0, 1 - Math.abs(y * 2.0 / 22 - row));
          double[] matched = positions[(row + RING) * WIDTH + column + RING];
          gx += weight * (2 * matched[0] / (WIDTH - 1) - 1) * WIDTH / 4;
          gy += weight * (2 * matched[1] / (HEIGHT - 1) - 1) * HEIGHT / 3;
        }
      }

      double[] found = FlowSampler.toTarget(flow, x, y, new Size(37, 23), new Size(50, 41));
      assertThat(found[0]).isCloseTo((gx + 1) * (50 - 1) / 2, within(1e-4));
      assertThat(found[1]).isCloseTo((gy + 1) * (41 - 1) / 2, within(1e-4));
    }
  }

  @Test
  void largePhotographsHaveALimit() {
    FlowField flow =
        decoding(WorkingSize.Ring.AFTER, Decoding.PIXELS)
            .decode(match(positions()), image(4000, 600), image())
            .flow();

    assertThat(flow.gridWidth()).isEqualTo(PixelDecoding.LARGEST);
    assertThat(flow.gridHeight()).isEqualTo(600);
  }

  private static FlowDecoding decoding(WorkingSize.Ring ring, Decoding decoding) {
    WorkingSize size =
        new WorkingSize(
            64, 48, Optional.of(16), Optional.empty(), Optional.of(ring), Optional.empty());
    return new FlowDecoding(size, decoding);
  }

  private static double[][] positions() {
    Random random = new Random(4);
    double[][] positions = new double[WIDTH * HEIGHT][];
    java.util.Arrays.setAll(
        positions,
        i -> new double[] {random.nextDouble() * (WIDTH - 1), random.nextDouble() * (HEIGHT - 1)});
    return positions;
  }

  private static Match match(double[][] positions) {
    CellFlow flow = new CellFlow(new Size(WIDTH, HEIGHT), new Size(WIDTH, HEIGHT));

    for (int i = 0; i < positions.length; i++) {
      flow.set(i, positions[i][0], positions[i][1], 0.5);
    }

    return new Match(flow.field(), 0.5, 0, Match.Fallback.NONE);
  }

  private static CellFeatures image() {
    return image(100, 80);
  }

  private static CellFeatures image(int width, int height) {
    FeatureMap map =
        new FeatureMap("made", new Size(WIDTH, HEIGHT), 1, Nd4j.zeros(WIDTH * HEIGHT, 1));
    return new CellFeatures(new Size(width, height), List.of(map));
  }
}
