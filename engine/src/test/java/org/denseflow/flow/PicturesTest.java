package org.denseflow.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.denseflow.image.RgbImage;
import org.junit.jupiter.api.Test;

class PicturesTest {
  private static final int SIDE = 40;

  /**
   * A grid of 2x2 cells: the first lies half an image to the right, the last makes no statement.
   */
  private final FlowField flow =
      new FlowField(
          2,
          2,
          new float[] {0.5f, 0, 0, 0, 0, 0, 0, 0},
          new float[] {1, 1, 1, 1},
          new boolean[] {true, false, true, false});

  @Test
  void aCellAndItsMatchHaveOneColour() {
    RgbImage grey = new RgbImage(SIDE, SIDE, new byte[3 * SIDE * SIDE]);
    RgbImage cells = Pictures.cells(grey, flow);
    RgbImage matches = Pictures.matches(grey, flow);
    assertThat(colour(cells, 10, 10)).isNotZero().isEqualTo(colour(matches, 30, 10));
    assertThat(colour(cells, 10, 30)).isNotZero().isEqualTo(colour(matches, 10, 30));
    assertThat(colour(cells, 10, 10)).isNotEqualTo(colour(cells, 10, 30));
  }

  @Test
  void cellsWithoutAStatementAreNotDrawn() {
    RgbImage cells = Pictures.cells(new RgbImage(SIDE, SIDE, new byte[3 * SIDE * SIDE]), flow);
    assertThat(colour(cells, 30, 10)).isZero();
    assertThat(colour(cells, 30, 30)).isZero();
  }

  private static int colour(RgbImage image, int x, int y) {
    int at = 3 * (y * SIDE + x);
    byte[] pixels = image.pixels();
    return (pixels[at] & 0xff) << 16 | (pixels[at + 1] & 0xff) << 8 | pixels[at + 2] & 0xff;
  }
}
